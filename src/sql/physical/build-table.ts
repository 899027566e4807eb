import { bitAt, fromBlock, toBlock, type Batch, type Column } from "../../columnar/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import type { Block } from "../../memory/index.js";
import { concatBatches } from "./collect-blocks.js";
import { defineOperator, type Fragment } from "./fragment.js";
import { KeyTable, type KeyTableState } from "./key-table.js";
import { batchBytes } from "./pieces.js";
import { keepRows } from "./store-rows.js";

/** The build side of a hash join: its rows, their keys, and for each key the chain of its rows. */
export interface BuildTable {
  readonly batch: Batch;
  readonly table: KeyTable;
  /** First row of each key. */
  readonly head: Int32Array;
  /** Next row of the same key, -1 at the end. */
  readonly next: Int32Array;
}

/** A build table in shared memory: built once, probed by every worker. */
export interface SharedBuildTable {
  readonly block: Block;
  readonly table: KeyTableState;
  readonly head: Int32Array;
  readonly next: Int32Array;
}

/** A shared table, nothing where there are no rows, or how many bytes were too many. */
export type SharedBuild = { readonly table: SharedBuildTable | undefined } | { readonly tooLarge: number };

export interface BuildRequest {
  readonly keys: readonly number[];
  /** Keys for which null equals null. */
  readonly nullSafe: readonly boolean[];
}

/** A shared table in the place of a join's build side. */
export interface SharedBuildFragment extends Fragment {
  readonly op: "sharedBuild";
  readonly table: SharedBuildTable | undefined;
}

defineOperator<SharedBuildFragment>({
  op: "sharedBuild",
  async *open({ table }) {
    if (table) yield fromBlock(table.block);
  },
});

/** Builds a shared table from all rows of one task's input, unless that takes more than `maxBytes`. */
export const buildShared = definePartitionFunction<BuildRequest & { readonly maxBytes: number }, SharedBuild>({
  name: "sql.buildTable",
  async run(request, batches, context) {
    const all: Batch[] = [];
    let bytes = 0;
    for await (const batch of batches) {
      context.checkCancelled();
      if (batch.numRows === 0) continue;
      bytes += workingBytes(batch);
      if (bytes > request.maxBytes) return { tooLarge: bytes };
      all.push(batch);
    }
    if (all.length === 0) return { table: undefined };
    // Bounded by `maxBytes`: the other tasks make room for it, if need be.
    context.memory.acquire(bytes);
    const built = buildTable(request, all);
    const block = keepRows(built.batch, context)?.block ?? toBlock(built.batch);
    return {
      table: { block, table: built.table.share(), head: sharedCopy(built.head), next: sharedCopy(built.next) },
    };
  },
});

/** Bytes that a batch takes in a build table, about: as it came, joined, and in the hash table. */
export const workingBytes = (batch: Batch): number => 2 * batchBytes(batch) + 40 * batch.numRows;

/** The table of at least one row. */
export function buildTable(request: BuildRequest, batches: readonly Batch[]): BuildTable {
  const batch = concatBatches(batches);
  const keys = request.keys.map((i) => batch.columns[i]);
  const table = new KeyTable(keys.map((key) => key.layout));
  const ids = table.add(keys, batch.numRows);
  excludeNulls(ids, keys, request.nullSafe);
  const head = new Int32Array(table.count).fill(-1);
  const next = new Int32Array(batch.numRows).fill(-1);
  // Backwards, so that a chain lists its rows in order.
  for (let row = batch.numRows - 1; row >= 0; row--) {
    const id = ids[row];
    if (id < 0) continue;
    next[row] = head[id];
    head[id] = row;
  }
  return { batch, table, head, next };
}

export const openShared = ({ block, table, head, next }: SharedBuildTable): BuildTable => ({
  batch: fromBlock(block),
  table: KeyTable.over(table),
  head,
  next,
});

/** A null key matches nothing, unless the key is null-safe. */
export function excludeNulls(ids: Int32Array, keys: readonly Column[], nullSafe: readonly boolean[]): void {
  keys.forEach((key, k) => {
    if (nullSafe[k]) return;
    if (key.layout === "null") ids.fill(-1);
    else if (key.validity) for (let i = 0; i < ids.length; i++) if (!bitAt(key.validity, i)) ids[i] = -1;
  });
}

function sharedCopy(array: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}
