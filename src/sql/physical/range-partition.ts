import { concat, fromBlock, i32Column, toBlock } from "../../columnar/index.js";
import type { Block } from "../../memory/index.js";
import type { StoredBlock } from "../plan/index.js";
import { concatBatches } from "./collect-blocks.js";
import { defineOperator, type Fragment } from "./fragment.js";
import { rowComparator, type SortKey } from "./row-order.js";
import { gatherBatch } from "./sample.js";
import type { KeySample } from "./key-sample.js";
import { sortBatch } from "./sorted-rows.js";

/** Adds the destination column of a range shuffle: how many bounds lie below a row. */
export interface RangePartitionFragment extends Fragment {
  readonly op: "rangePartition";
  readonly input: Fragment;
  readonly keys: readonly SortKey[];
  /** Rows of key columns (in the order of `keys`), ascending; undefined when everything goes to one partition. */
  readonly bounds: Block | undefined;
}

defineOperator<RangePartitionFragment>({
  op: "rangePartition",
  async *open({ input, keys, bounds }, context) {
    const limits = bounds && fromBlock(bounds);
    const own = keys.map((key, i) => ({ ...key, ordinal: i }));
    for await (const batch of context.open(input)) {
      context.checkCancelled();
      const destinations = new Int32Array(batch.numRows);
      if (limits) {
        const columns = keys.map((key) => batch.columns[key.ordinal]);
        const compare = rowComparator(columns, limits.columns, own);
        for (let i = 0; i < batch.numRows; i++) {
          let low = 0;
          let high = limits.numRows;
          while (low < high) {
            const middle = (low + high) >> 1;
            if (compare(i, middle) > 0) low = middle + 1;
            else high = middle;
          }
          destinations[i] = low;
        }
      }
      yield { numRows: batch.numRows, columns: [...batch.columns, i32Column(destinations)] };
    }
  },
});

/**
 * Bounds that cut the sampled data into at most `numPartitions` stretches of equal weight; equal keys never straddle a bound.
 */
export function rangeBounds(
  samples: readonly KeySample[],
  keys: readonly SortKey[],
  numPartitions: number,
): StoredBlock | undefined {
  const parts = samples.filter((sample) => sample.block);
  if (parts.length === 0 || numPartitions < 2) return undefined;
  const batches = parts.map((sample) => fromBlock(sample.block!));
  const weights = Float64Array.from(
    parts.flatMap((sample, i) => new Array<number>(batches[i].numRows).fill(sample.numRows / batches[i].numRows)),
  );
  const own = keys.map((key, i) => ({ ...key, ordinal: i }));
  const numRows = weights.length;
  const columns = [
    ...concatBatches(batches).columns,
    { layout: "f64", length: numRows, validity: null, values: weights } as const,
  ];
  const sorted = sortBatch({ numRows, columns }, own);
  const sortedWeights = (sorted.columns[keys.length] as { values: Float64Array }).values;
  const total = weights.reduce((a, b) => a + b, 0);
  const compare = rowComparator(sorted.columns, sorted.columns, own);
  const step = total / numPartitions;
  const chosen: number[] = [];
  let cumulated = 0;
  let target = step;
  for (let i = 0; i < numRows && chosen.length < numPartitions - 1; i++) {
    cumulated += sortedWeights[i];
    if (cumulated < target) continue;
    if (chosen.length > 0 && compare(i, chosen[chosen.length - 1]) <= 0) continue;
    chosen.push(i);
    target += step;
  }
  if (chosen.length === 0) return undefined;
  const bounds = gatherBatch(
    { numRows, columns: sorted.columns.slice(0, keys.length).map((c) => concat([c])) },
    Int32Array.from(chosen),
  );
  return { block: toBlock(bounds), numRows: bounds.numRows };
}
