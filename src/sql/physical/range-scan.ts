import { i64Column } from "../../columnar/index.js";
import { BATCH_ROWS } from "./blocks-scan.js";
import { defineOperator, type Fragment } from "./fragment.js";

/** Numbers `start + i * step` for i in [from, to). */
export interface RangeFragment extends Fragment {
  readonly op: "range";
  readonly start: bigint;
  readonly step: bigint;
  readonly from: bigint;
  readonly to: bigint;
  /** Number of columns wanted, 0 or 1. */
  readonly width: number;
}

defineOperator<RangeFragment>({
  op: "range",
  async *open({ start, step, from, to, width }, context) {
    for (let at = from; at < to; at += BigInt(BATCH_ROWS)) {
      context.checkCancelled();
      const numRows = Math.min(BATCH_ROWS, Number(to - at));
      if (width === 0) {
        yield { numRows, columns: [] };
        continue;
      }
      const values = new BigInt64Array(numRows);
      let value = start + at * step;
      for (let i = 0; i < numRows; i++, value += step) values[i] = value;
      yield { numRows, columns: [i64Column(values)] };
    }
  },
});
