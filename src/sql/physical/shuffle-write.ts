import { toBlock, type Batch, type NumberColumn } from "../../columnar/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import type { StoredBlock } from "../plan/index.js";
import { batchBytes, concatBatches } from "./collect-blocks.js";
import { gatherBatch } from "./sample.js";

export interface ShuffleWriteRequest {
  readonly numPartitions: number;
}

/** Rows of one map task, ordered by destination: those for partition p are `starts[p] .. starts[p + 1]`. */
export interface ShuffleBlock extends StoredBlock {
  readonly starts: Int32Array;
  /** Bytes of the rows, about; adaptive decisions use it. */
  readonly bytes: number;
}

/** Bytes a map task collects before it writes a block. */
const FLUSH_BYTES = 256 * 2 ** 20;

/** Sorts a task's rows by destination, which is the last column of its input (i32), and writes them as blocks. */
export const shuffleWrite = definePartitionFunction<ShuffleWriteRequest, ShuffleBlock[]>({
  name: "sql.shuffleWrite",
  async run({ numPartitions }, batches, context) {
    const blocks: ShuffleBlock[] = [];
    let pending: Batch[] = [];
    let bytes = 0;
    for await (const batch of batches) {
      context.checkCancelled();
      if (batch.numRows === 0) continue;
      pending.push(batch);
      bytes += batchBytes(batch);
      if (bytes < FLUSH_BYTES) continue;
      blocks.push(writeBlock(concatBatches(pending), numPartitions));
      pending = [];
      bytes = 0;
    }
    if (pending.length > 0) blocks.push(writeBlock(concatBatches(pending), numPartitions));
    return blocks;
  },
});

function writeBlock({ numRows, columns }: Batch, numPartitions: number): ShuffleBlock {
  const destination = (columns[columns.length - 1] as NumberColumn).values;
  const starts = new Int32Array(numPartitions + 1);
  for (let i = 0; i < numRows; i++) starts[destination[i] + 1]++;
  for (let p = 0; p < numPartitions; p++) starts[p + 1] += starts[p];
  const next = starts.slice();
  const rows = new Int32Array(numRows);
  for (let i = 0; i < numRows; i++) rows[next[destination[i]]++] = i;
  const ordered = gatherBatch({ numRows, columns: columns.slice(0, -1) }, rows);
  return { block: toBlock(ordered), numRows, starts, bytes: batchBytes(ordered) };
}
