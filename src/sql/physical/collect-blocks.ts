import { concat, fromBlock, slice, toBlock, type Batch } from "../../columnar/index.js";
import { definePartitionFunction, type TaskContext } from "../../exec/index.js";
import type { StoredBlock } from "../plan/index.js";

export interface CollectRequest {
  /** Rows wanted at most. */
  readonly limit: number;
  /** Blocks on which kernels can run in place, one a partition where it fits. */
  readonly kernels: boolean;
}

/** Largest block, so that offsets of 32 bits and one WebAssembly memory are enough. */
const MAX_BLOCK_BYTES = 2 ** 30;

/** Lays a partition's rows out in shared blocks: results on their way to the driver, cached data, build sides. */
export const collectBlocks = definePartitionFunction<CollectRequest, StoredBlock[]>({
  name: "sql.collect",
  run: ({ limit, kernels }, batches, context) => toBlocks(batches, limit, kernels, context),
});

/** Blocks of the first `limit` rows. */
export async function toBlocks(
  batches: AsyncIterable<Batch>,
  limit: number,
  kernels: boolean,
  context: TaskContext,
): Promise<StoredBlock[]> {
  const blocks: StoredBlock[] = [];
  let pending: Batch[] = [];
  let bytes = 0;
  let rows = 0;
  const flush = (): void => {
    const batch = concatBatches(pending);
    if (batch.numRows > 0) blocks.push({ block: toBlock(batch, kernels), numRows: batch.numRows });
    pending = [];
    bytes = 0;
  };
  if (limit > 0) {
    for await (const next of batches) {
      context.checkCancelled();
      const batch = rows + next.numRows > limit ? headOf(next, limit - rows) : next;
      rows += batch.numRows;
      const size = batchBytes(batch);
      if (pending.length > 0 && bytes + size > MAX_BLOCK_BYTES) flush();
      pending.push(batch);
      bytes += size;
      if (rows >= limit) break;
    }
  }
  if (pending.length > 0) flush();
  return blocks;
}

/** All rows of some batches of the same columns. */
export function concatBatches(batches: readonly Batch[]): Batch {
  if (batches.length === 1) return batches[0];
  const numRows = batches.reduce((n, b) => n + b.numRows, 0);
  if (batches.length === 0) return { numRows, columns: [] };
  return { numRows, columns: batches[0].columns.map((_, i) => concat(batches.map((b) => b.columns[i]))) };
}

export const headOf = (batch: Batch, rows: number): Batch => sliceBatch(batch, 0, Math.min(rows, batch.numRows));

export const sliceBatch = (batch: Batch, start: number, end: number): Batch =>
  start === 0 && end === batch.numRows
    ? batch
    : { numRows: end - start, columns: batch.columns.map((column) => slice(column, start, end)) };

/** Bytes of a batch's rows, about. */
export const batchBytes = (batch: Batch): number => batch.columns.reduce((n, column) => n + columnBytes(column), 0);

function columnBytes(column: Batch["columns"][number]): number {
  let bytes = 0;
  const length = column.length;
  if ("values" in column) bytes += column.values.byteLength;
  if ("offsets" in column) {
    const items = column.offsets[length] - column.offsets[0];
    bytes += 4 * length;
    if ("bytes" in column) bytes += items;
    if ("indices" in column) bytes += 4 * items;
    if ("child" in column && column.child.length > 0)
      bytes += (columnBytes(column.child) * items) / column.child.length;
  }
  if ("children" in column) for (const child of column.children) bytes += columnBytes(child);
  return bytes;
}

/** Rows of blocks, without copying. */
export const batchesOf = (blocks: readonly StoredBlock[]): Batch[] => blocks.map(({ block }) => fromBlock(block));
