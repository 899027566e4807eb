import { concat, fromBlock, type Batch } from "../../columnar/index.js";
import { definePartitionFunction, type TaskContext } from "../../exec/index.js";
import type { StoredBlock } from "../plan/index.js";
import { MemoryShare } from "./memory-share.js";
import { batchBytes, sliceBatch } from "./pieces.js";
import { storeRows } from "./store-rows.js";

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

/** Blocks of the first `limit` rows: as few as the memory that is granted allows. */
export async function toBlocks(
  batches: AsyncIterable<Batch>,
  limit: number,
  kernels: boolean,
  context: TaskContext,
): Promise<StoredBlock[]> {
  const blocks: StoredBlock[] = [];
  const share = new MemoryShare(context.memory);
  let pending: Batch[] = [];
  let bytes = 0;
  let rows = 0;
  const flush = (): void => {
    const batch = concatBatches(pending);
    pending = [];
    if (!kernels) blocks.push(...storeRows(batch, context));
    else if (batch.numRows > 0)
      blocks.push({ block: context.blocks.store(batch, { kernels }), numRows: batch.numRows });
    bytes = 0;
    share.free();
  };
  if (limit > 0) {
    for await (const next of batches) {
      context.checkCancelled();
      const batch = rows + next.numRows > limit ? headOf(next, limit - rows) : next;
      rows += batch.numRows;
      const size = batchBytes(batch);
      // The rows are held twice while they are joined.
      const fits = bytes + size <= MAX_BLOCK_BYTES && share.take(2 * size);
      if (!fits && pending.length > 0) {
        flush();
        share.take(2 * size);
      }
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

/** Rows of blocks, without copying those that are in memory. */
export const batchesOf = (blocks: readonly StoredBlock[]): Batch[] => blocks.map(({ block }) => fromBlock(block));
