import { fromBlock } from "../../columnar/index.js";
import type { StageOutput } from "../../exec/index.js";
import type { Block } from "../../memory/index.js";
import type { LazyFragment } from "./bind-fragment.js";
import type { ExecutionContext } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { MergeSortedFragment } from "./merge-sorted.js";
import { rangeBounds } from "./range-partition.js";
import { rowComparator, type SortKey } from "./row-order.js";
import { sortRuns, type SortedRun } from "./sort-runs.js";

/** Rows below which one task merges faster than several. */
const SINGLE_MERGE_ROWS = 200_000;
const RANGE_ROWS = 2_000_000;

/**
 * Everything in order: map tasks sort their rows into runs, which are stored once; each result partition merges one range
 * of the keys out of all runs, as it streams them. The runs, being sorted, give nearly exact quantiles for the ranges.
 */
export async function globalSort(
  partitions: readonly Fragment[],
  keys: readonly SortKey[],
  width: number,
  context: ExecutionContext,
): Promise<readonly Fragment[]> {
  const output = await context.runKept("sort runs", partitions, sortRuns, { keys });
  const samples = output.results().flatMap((runs) => runs.map(({ sample }) => sample));
  const rows = samples.reduce((n, { numRows }) => n + numRows, 0);
  const count = rows <= SINGLE_MERGE_ROWS ? 1 : Math.max(context.threads, Math.ceil(rows / RANGE_ROWS));
  const bounds = rangeBounds(samples, keys, count);
  const ranges = bounds?.numRows ?? 0;
  return Array.from({ length: ranges + 1 }, (_, i) =>
    mergeRange(output, keys, bounds?.block, i - 1, i < ranges ? i : undefined, width),
  );
}

function mergeRange(
  output: StageOutput<SortedRun[]>,
  keys: readonly SortKey[],
  bounds: Block | undefined,
  above: number,
  upTo: number | undefined,
  width: number,
): Fragment {
  const bind = (): Fragment => {
    const runs = output
      .results()
      .flat()
      .map((run) => piecesBetween(run, keys, bounds, above, upTo))
      .filter((pieces) => pieces.length > 0);
    return { op: "mergeSorted", runs, keys, bounds, above, upTo, width } satisfies MergeSortedFragment as Fragment;
  };
  return { op: "sortedRange", sources: [output], bind } satisfies LazyFragment as Fragment;
}

/** Pieces of a run that can hold rows above one bound and not above the other. */
function piecesBetween(
  { pieces, heads }: SortedRun,
  keys: readonly SortKey[],
  bounds: Block | undefined,
  above: number,
  upTo: number | undefined,
): SortedRun["pieces"] {
  if (!bounds || pieces.length === 1) return pieces;
  const own = keys.map((key, ordinal) => ({ ...key, ordinal }));
  const compare = rowComparator(fromBlock(heads).columns, fromBlock(bounds).columns, own);
  const startingUpTo = (bound: number): number => {
    let low = 0;
    let high = pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(middle, bound) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const start = above < 0 ? 0 : Math.max(0, startingUpTo(above) - 1);
  return pieces.slice(start, upTo === undefined ? pieces.length : startingUpTo(upTo));
}
