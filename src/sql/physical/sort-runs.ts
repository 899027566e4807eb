import { toBlock, type Batch } from "../../columnar/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import type { Block } from "../../memory/index.js";
import type { StoredBlock } from "../plan/index.js";
import { concatBatches } from "./collect-blocks.js";
import type { KeySample } from "./key-sample.js";
import { MemoryShare } from "./memory-share.js";
import { batchBytes } from "./pieces.js";
import type { SortKey } from "./row-order.js";
import { gatherBatch } from "./sample.js";
import { sortedRows } from "./sorted-rows.js";
import { storeRows } from "./store-rows.js";

export interface SortRunsRequest {
  readonly keys: readonly SortKey[];
}

/** Sorted rows of a task in pieces. */
export interface SortedRun {
  readonly pieces: readonly StoredBlock[];
  /** Key columns (in the order of the keys) of every piece's first row. */
  readonly heads: Block;
  /** Key columns of evenly spaced rows. */
  readonly sample: KeySample;
}

/** Rows of a run whose keys are sampled. */
const SAMPLE_ROWS = 1000;
/** Bytes of a run at most: offsets have 32 bits. */
const RUN_BYTES = 2 ** 29;

/** Sorts a task's rows into runs, each as large as memory allows: the map side of a global sort. */
export const sortRuns = definePartitionFunction<SortRunsRequest, SortedRun[]>({
  name: "sql.sortRuns",
  async run({ keys }, batches, context) {
    const runs: SortedRun[] = [];
    const share = new MemoryShare(context.memory);
    let pending: Batch[] = [];
    let bytes = 0;
    const flush = (): void => {
      if (pending.length === 0) return;
      const all = concatBatches(pending);
      pending = [];
      const sorted = gatherBatch(all, sortedRows(all, keys));
      const pieces = storeRows(sorted, context);
      runs.push({ pieces, ...describeRun(sorted, pieces, keys) });
      bytes = 0;
      share.free();
    };
    for await (const batch of batches) {
      context.checkCancelled();
      if (batch.numRows === 0) continue;
      const size = batchBytes(batch);
      // The rows as they came, joined, and in order.
      const need = 3 * size + 8 * batch.numRows;
      if (bytes + size > RUN_BYTES || !share.take(need)) {
        flush();
        share.take(need);
      }
      pending.push(batch);
      bytes += size;
    }
    flush();
    return runs;
  },
});

function describeRun(sorted: Batch, pieces: readonly StoredBlock[], keys: readonly SortKey[]) {
  const { numRows } = sorted;
  const columns = keys.map((key) => sorted.columns[key.ordinal]);
  const pick = (rows: Int32Array): Block => toBlock(gatherBatch({ numRows, columns }, rows));
  const heads = new Int32Array(pieces.length);
  for (let i = 1; i < pieces.length; i++) heads[i] = heads[i - 1] + pieces[i - 1].numRows;
  const kept = Math.min(SAMPLE_ROWS, numRows);
  const spaced = Int32Array.from({ length: kept }, (_, i) => Math.floor(((i + 0.5) * numRows) / kept));
  return { heads: pick(heads), sample: { block: pick(spaced), numRows } };
}
