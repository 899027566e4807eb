import { gather, nullColumn, type Column, type Layout } from "../../columnar/index.js";
import { vectorFromStruct } from "./vector-struct.js";
import type { LeafChunk, LeafDescription } from "./column-chunk.js";
import type { LeafValues } from "./leaf-values.js";

/**
 * How one requested column is put together from leaves. Levels are Dremel's (Melnik et al. 2010): an entry belongs to
 * a slot of a node when its definition level reaches `parent`, the level of the innermost repeated ancestor.
 */
export type ReadNode =
  | LeafNode
  | ListNode
  | StructNode
  | { readonly kind: "vector"; readonly struct: StructNode }
  | { readonly kind: "missing"; readonly layout: Layout };

export interface LeafNode {
  readonly kind: "leaf";
  readonly path: string;
  readonly leaf: LeafDescription;
  readonly parent: number;
  /** The stored values, none null, in the layout that was asked for. */
  readonly convert: (values: LeafValues) => Column;
}
export interface ListNode {
  readonly kind: "list";
  readonly parent: number;
  /** Level from which on the list is not null; level of an item; repetition level of a new list. */
  readonly present: number;
  readonly item: number;
  readonly repetition: number;
  readonly anchor: LeafAnchor;
  readonly child: ReadNode;
}
export interface StructNode {
  readonly kind: "struct";
  readonly parent: number;
  readonly present: number;
  readonly repetition: number;
  readonly anchor: LeafAnchor;
  readonly children: readonly ReadNode[];
}
/** A leaf below a group, whose levels tell the group's structure. */
export interface LeafAnchor {
  readonly path: string;
  readonly leaf: LeafDescription;
}

/** The leaves that `node` needs, by path. */
export function leavesOf(node: ReadNode, into = new Map<string, LeafDescription>()): Map<string, LeafDescription> {
  switch (node.kind) {
    case "leaf":
      into.set(node.path, node.leaf);
      break;
    case "list":
      into.set(node.anchor.path, node.anchor.leaf);
      leavesOf(node.child, into);
      break;
    case "struct":
      into.set(node.anchor.path, node.anchor.leaf);
      for (const child of node.children) leavesOf(child, into);
      break;
    case "vector":
      leavesOf(node.struct, into);
      break;
    case "missing":
  }
  return into;
}

/** Builds the column of `node` with `numSlots` rows from the decoded leaves. */
export function assemble(node: ReadNode, leaves: ReadonlyMap<string, LeafChunk>, numSlots: number): Column {
  switch (node.kind) {
    case "missing":
      return nullColumn(node.layout, numSlots);
    case "leaf":
      return assembleLeaf(node, leaves.get(node.path)!, numSlots);
    case "vector":
      return vectorFromStruct(assemble(node.struct, leaves, numSlots));
    case "list":
      return assembleList(node, leaves, numSlots);
    case "struct": {
      const children = node.children.map((child) => assemble(child, leaves, numSlots));
      const validity = structValidity(node, leaves.get(node.anchor.path)!, numSlots);
      return { layout: { struct: children.map((child) => child.layout) }, length: numSlots, validity, children };
    }
  }
}

function assembleLeaf(node: LeafNode, chunk: LeafChunk, numSlots: number): Column {
  const dense = node.convert(chunk.values);
  if (chunk.definitions === null) return dense;
  const positions = new Int32Array(numSlots);
  const { definitions, numEntries } = chunk;
  const { maxDefinition } = node.leaf;
  let slot = 0;
  let value = 0;
  for (let i = 0; i < numEntries; i++) {
    const level = definitions[i];
    if (level === maxDefinition) positions[slot++] = value++;
    else if (level >= node.parent) positions[slot++] = -1;
  }
  return value === slot ? dense : gather(dense, positions);
}

function assembleList(node: ListNode, leaves: ReadonlyMap<string, LeafChunk>, numSlots: number): Column {
  const { definitions, repetitions, numEntries } = leaves.get(node.anchor.path)!;
  const offsets = new Int32Array(numSlots + 1);
  const validity = new Uint8Array((numSlots + 7) >> 3);
  let slot = -1;
  let items = 0;
  let nulls = 0;
  for (let i = 0; i < numEntries; i++) {
    const level = definitions ? definitions[i] : node.item;
    if (level < node.parent) continue;
    const repetition = repetitions ? repetitions[i] : 0;
    if (repetition <= node.repetition) {
      if (slot >= 0) offsets[slot + 1] = items;
      slot++;
      if (level >= node.present) validity[slot >> 3] |= 1 << (slot & 7);
      else nulls++;
    }
    if (level >= node.item && repetition <= node.repetition + 1) items++;
  }
  if (slot >= 0) offsets[slot + 1] = items;
  const child = assemble(node.child, leaves, items);
  return { layout: { list: child.layout }, length: numSlots, validity: nulls ? validity : null, offsets, child };
}

function structValidity(node: StructNode, chunk: LeafChunk, numSlots: number): Uint8Array | null {
  const { definitions, repetitions, numEntries } = chunk;
  if (definitions === null) return null;
  const validity = new Uint8Array((numSlots + 7) >> 3);
  let slot = 0;
  let nulls = 0;
  for (let i = 0; i < numEntries; i++) {
    const level = definitions[i];
    if (level < node.parent || (repetitions !== null && repetitions[i] > node.repetition)) continue;
    if (level >= node.present) validity[slot >> 3] |= 1 << (slot & 7);
    else nulls++;
    slot++;
  }
  return nulls ? validity : null;
}
