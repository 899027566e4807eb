import type { Batch, NumberColumn } from "../../columnar/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import type { StoredBlock } from "../plan/index.js";
import { concatBatches } from "./collect-blocks.js";
import { MemoryShare } from "./memory-share.js";
import { batchBytes } from "./pieces.js";
import { gatherBatch } from "./sample.js";
import { cutSegments, startsOf, type Ordered } from "./shuffle-segments.js";
import { SpilledShuffle } from "./spilled-shuffle.js";
import { fileRows, keepRows } from "./store-rows.js";

export interface ShuffleWriteRequest {
  readonly numPartitions: number;
  /** Bytes that are used without asking for them. */
  readonly leastMemory?: number;
}

/** Rows of one map task for the destinations `first, first + 1, ...`, in their order. */
export interface ShuffleBlock extends StoredBlock {
  readonly first: number;
  /** Rows for destination `first + i` are `starts[i] .. starts[i + 1]`. */
  readonly starts: Int32Array;
  /** Bytes of the rows, about; adaptive decisions use it. */
  readonly bytes: number;
}

/** What one map task left: stretches of its input, each as blocks of ascending destinations. */
export type ShuffleResult = readonly (readonly ShuffleBlock[])[];

/** Bytes a map task collects before it writes. */
const FLUSH_BYTES = 256 * 2 ** 20;
/** Memory of a map task that is granted none: smaller, its pieces would be too many. */
const LEAST_BYTES = 16 * 2 ** 20;
/** Bytes for one destination below which stretches are merged before they are read. */
const SMALL_BYTES = 64 * 2 ** 10;

/**
 * Sorts a task's rows by destination, which is the last column of its input (i32), and writes them: one block where memory
 * has room; else files, a segment for each destination or for some small neighbours. Stretches that leave little for each
 * destination are merged first, as in Spark's sort-based shuffle.
 */
export const shuffleWrite = definePartitionFunction<ShuffleWriteRequest, ShuffleResult>({
  name: "sql.shuffleWrite",
  async run({ numPartitions, leastMemory = LEAST_BYTES }, batches, context) {
    const result: ShuffleBlock[][] = [];
    const share = new MemoryShare(context.memory, leastMemory);
    const small = new SpilledShuffle(numPartitions, context);
    let pending: Batch[] = [];
    let bytes = 0;
    const flush = (last: boolean): void => {
      if (pending.length === 0) return;
      const ordered = byDestination(concatBatches(pending), numPartitions);
      const size = bytes;
      pending = [];
      bytes = 0;
      const kept = keepRows(ordered.batch, context);
      if (kept) result.push([{ ...kept, first: 0, starts: ordered.starts, bytes: size }]);
      else if (size < SMALL_BYTES * numPartitions && !(last && small.empty)) small.add(ordered);
      else
        result.push(
          Array.from(cutSegments(ordered), ({ batch, first, starts }) => ({
            ...fileRows(batch, context),
            first,
            starts,
            bytes: batchBytes(batch),
          })),
        );
      share.free();
    };
    for await (const batch of batches) {
      context.checkCancelled();
      if (batch.numRows === 0) continue;
      const size = batchBytes(batch);
      // The rows as they came, joined, and in order.
      const need = 3 * size + 8 * batch.numRows;
      if (bytes + size > FLUSH_BYTES || !share.take(need)) {
        flush(false);
        share.take(need);
      }
      pending.push(batch);
      bytes += size;
    }
    flush(true);
    if (!small.empty) result.push([...small.merged()]);
    return result;
  },
});

/** The rows in order of their destinations, without that column. */
function byDestination({ numRows, columns }: Batch, numPartitions: number): Ordered {
  const destination = (columns[columns.length - 1] as NumberColumn).values as Int32Array;
  const starts = startsOf(destination, numPartitions);
  const next = starts.slice();
  const rows = new Int32Array(numRows);
  for (let i = 0; i < numRows; i++) rows[next[destination[i]]++] = i;
  return { batch: gatherBatch({ numRows, columns: columns.slice(0, -1) }, rows), first: 0, starts };
}
