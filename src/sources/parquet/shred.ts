import { isNull, type Column, type ListColumn, type StructColumn, type VectorColumn } from "../../columnar/index.js";
import type { SchemaElement } from "hyparquet";
import { structFromVector } from "./vector-struct.js";

/** The shape of a column in the file: the inverse of a `ReadNode`. */
export type WriteNode =
  | {
      readonly kind: "leaf";
      readonly optional: boolean;
      readonly path: readonly string[];
      readonly element: SchemaElement;
    }
  | { readonly kind: "list"; readonly optional: boolean; readonly child: WriteNode }
  | { readonly kind: "struct"; readonly optional: boolean; readonly children: readonly WriteNode[] }
  | { readonly kind: "vector"; readonly optional: boolean; readonly struct: WriteNode };

/** One leaf of some rows: levels of every entry, and which rows of `column` hold the values that are there. */
export interface ShreddedLeaf {
  readonly node: Extract<WriteNode, { kind: "leaf" }>;
  readonly column: Column;
  readonly numEntries: number;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  readonly definitions: Uint8Array | null;
  readonly repetitions: Uint8Array | null;
  /** Rows of `column` in order; null = all of them. */
  readonly rows: Int32Array | null;
}

/** Entries at some depth: those still alive point to a row, the others ended at an ancestor with their final level. */
interface Entries {
  readonly count: number;
  /** -1 where ended; null = entry i is row i. */
  readonly rows: Int32Array | null;
  /** Levels of ended entries. */
  readonly ended: Uint8Array | null;
  readonly repetitions: Uint8Array | null;
  readonly level: number;
  readonly repetition: number;
}

/** Cuts a column into its leaves with Dremel's levels. */
export function shred(node: WriteNode, column: Column): ShreddedLeaf[] {
  const leaves: ShreddedLeaf[] = [];
  const root: Entries = { count: column.length, rows: null, ended: null, repetitions: null, level: 0, repetition: 0 };
  walk(node, column, root, leaves);
  return leaves;
}

function walk(node: WriteNode, column: Column, above: Entries, leaves: ShreddedLeaf[]): void {
  const entries = node.optional ? dropNulls(column, above) : above;
  switch (node.kind) {
    case "vector":
      return walk({ ...node.struct, optional: false }, structFromVector(column as VectorColumn), entries, leaves);
    case "struct":
      node.children.forEach((child, k) => walk(child, (column as StructColumn).children[k], entries, leaves));
      return;
    case "list":
      return walk(node.child, (column as ListColumn).child, intoItems(column as ListColumn, entries), leaves);
    case "leaf":
      leaves.push(finishLeaf(node, column, entries));
  }
}

function dropNulls(column: Column, entries: Entries): Entries {
  const { count, level } = entries;
  if (column.validity === null && column.layout !== "null") return { ...entries, level: level + 1 };
  const rows = new Int32Array(count);
  const ended = entries.ended ?? new Uint8Array(count);
  const copy = entries.ended ? ended.slice() : ended;
  for (let i = 0; i < count; i++) {
    const row = entries.rows ? entries.rows[i] : i;
    if (row >= 0 && isNull(column, row)) {
      rows[i] = -1;
      copy[i] = level;
    } else rows[i] = row;
  }
  return { ...entries, rows, ended: copy, level: level + 1 };
}

function intoItems(column: ListColumn, entries: Entries): Entries {
  const { count, level, repetition } = entries;
  const { offsets } = column;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const row = entries.rows ? entries.rows[i] : i;
    total += row < 0 ? 1 : Math.max(1, offsets[row + 1] - offsets[row]);
  }
  const rows = new Int32Array(total);
  const ended = new Uint8Array(total);
  const repetitions = new Uint8Array(total);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const row = entries.rows ? entries.rows[i] : i;
    repetitions[at] = entries.repetitions ? entries.repetitions[i] : 0;
    if (row < 0) {
      rows[at] = -1;
      ended[at++] = entries.ended![i];
    } else if (offsets[row] === offsets[row + 1]) {
      rows[at] = -1;
      ended[at++] = level;
    } else {
      for (let k = offsets[row]; k < offsets[row + 1]; k++) {
        if (k > offsets[row]) repetitions[at] = repetition + 1;
        rows[at++] = k;
      }
    }
  }
  return { count: total, rows, ended, repetitions, level: level + 1, repetition: repetition + 1 };
}

function finishLeaf(node: ShreddedLeaf["node"], column: Column, entries: Entries): ShreddedLeaf {
  const { count, level, repetition, repetitions, ended } = entries;
  const base = { node, column, numEntries: count, maxDefinition: level, maxRepetition: repetition, repetitions };
  if (entries.rows === null) return { ...base, definitions: null, rows: null };
  const definitions = new Uint8Array(count);
  const rows = new Int32Array(count);
  let alive = 0;
  for (let i = 0; i < count; i++) {
    if (entries.rows[i] >= 0) {
      definitions[i] = level;
      rows[alive++] = entries.rows[i];
    } else definitions[i] = ended![i];
  }
  return { ...base, definitions, rows: rows.subarray(0, alive) };
}
