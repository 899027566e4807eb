import { fromBlock, type Batch } from "../../columnar/index.js";
import type { Block } from "../../memory/index.js";
import type { StoredBlock } from "../plan/index.js";
import { cut } from "./blocks-scan.js";
import { ExternalMerge } from "./external-merge.js";
import { defineOperator, type Fragment } from "./fragment.js";
import { rowComparator, type SortKey } from "./row-order.js";

/** Merges the stretch of some sorted runs that lies above one bound and not above the next: one partition of a global sort. */
export interface MergeSortedFragment extends Fragment {
  readonly op: "mergeSorted";
  /** Pieces of each run. */
  readonly runs: readonly (readonly StoredBlock[])[];
  readonly keys: readonly SortKey[];
  /** Rows of key columns (in the order of `keys`), ascending. */
  readonly bounds: Block | undefined;
  /** Bound that all rows are above, -1 for none; bound that no row is above, undefined for none. */
  readonly above: number;
  readonly upTo: number | undefined;
  /** Columns to produce: the first so many. */
  readonly width: number;
}

defineOperator<MergeSortedFragment>({
  op: "mergeSorted",
  async *open(fragment, context) {
    const { runs, keys, width } = fragment;
    const bounds = fragment.bounds && fromBlock(fragment.bounds);
    const merge = new ExternalMerge(keys, context, undefined, width);
    const sources = runs.map((pieces) => () => stretch(pieces, fragment, bounds));
    yield* merge.merged(sources);
  },
});

/** A run's rows between the bounds. */
function* stretch(
  pieces: readonly StoredBlock[],
  { keys, above, upTo }: MergeSortedFragment,
  bounds: Batch | undefined,
): Generator<Batch> {
  for (const { block } of pieces) {
    const batch = fromBlock(block);
    const start = bounds && above >= 0 ? rowsUpTo(batch, bounds, above, keys) : 0;
    const end = bounds && upTo !== undefined ? rowsUpTo(batch, bounds, upTo, keys) : batch.numRows;
    if (start < end) yield* cut(batch, start, end);
    if (end < batch.numRows) return;
  }
}

/** How many rows of a sorted batch are not above a bound. */
function rowsUpTo(batch: Batch, bounds: Batch, bound: number, keys: readonly SortKey[]): number {
  const columns = keys.map((key) => batch.columns[key.ordinal]);
  const compare = rowComparator(
    columns,
    bounds.columns,
    keys.map((key, ordinal) => ({ ...key, ordinal })),
  );
  let low = 0;
  let high = batch.numRows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(middle, bound) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
