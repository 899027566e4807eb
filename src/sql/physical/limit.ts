import { sliceBatch } from "./pieces.js";
import { defineOperator, type Fragment } from "./fragment.js";

/** Rows `offset .. offset + limit` of one partition; stops reading its input as soon as it has them. */
export interface LimitFragment extends Fragment {
  readonly op: "limit";
  readonly input: Fragment;
  readonly limit: number;
  readonly offset: number;
}

defineOperator<LimitFragment>({
  op: "limit",
  async *open({ input, limit, offset }, context) {
    let skip = offset;
    let left = limit;
    if (left <= 0) return;
    for await (const batch of context.open(input)) {
      const start = Math.min(skip, batch.numRows);
      skip -= start;
      const end = Math.min(batch.numRows, start + left);
      if (end > start) yield sliceBatch(batch, start, end);
      left -= end - start;
      if (left <= 0) return;
    }
  },
});
