import { ExternalSort } from "./external-sort.js";
import { defineOperator, type Fragment } from "./fragment.js";
import type { SortKey } from "./row-order.js";

/** Sorts one partition, stably; with a limit only its first rows come out. */
export interface SortFragment extends Fragment {
  readonly op: "sort";
  readonly input: Fragment;
  readonly keys: readonly SortKey[];
  /** Columns to produce: the first so many. */
  readonly width: number;
  readonly limit?: number;
}

defineOperator<SortFragment>({
  op: "sort",
  async *open({ input, keys, width, limit }, context) {
    const sort = new ExternalSort(keys, context, limit, width);
    for await (const batch of context.open(input)) {
      context.checkCancelled();
      sort.add(batch);
    }
    yield* sort.sorted();
  },
});
