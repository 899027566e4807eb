import { nullColumn, type Batch } from "../../columnar/index.js";
import { BATCH_ROWS } from "./blocks-scan.js";
import type { BuildTable } from "./build-table.js";
import type { HashJoinFragment } from "./hash-join.js";
import { joined } from "./probe.js";

/** What an outer, full or anti join makes of stream rows that nothing on the build side can match. */
export function withoutBuild(fragment: HashJoinFragment, batch: Batch): Batch {
  if (fragment.joinType === "anti") return batch;
  const rows = Int32Array.from({ length: batch.numRows }, (_, i) => i);
  return joined(fragment, batch, undefined, rows, new Int32Array(batch.numRows).fill(-1));
}

/** The build side's rows without a partner: the last part of a full join. */
export function* unmatchedBuild(
  fragment: HashJoinFragment,
  { batch }: BuildTable,
  matched: Uint8Array,
): Generator<Batch> {
  const empty: Batch = { numRows: 0, columns: fragment.streamLayouts.map((layout) => nullColumn(layout, 0)) };
  const rows = new Int32Array(BATCH_ROWS);
  for (let row = 0; row < matched.length;) {
    let n = 0;
    for (; row < matched.length && n < BATCH_ROWS; row++) if (!matched[row]) rows[n++] = row;
    if (n > 0) yield joined(fragment, empty, batch, new Int32Array(n).fill(-1), rows.slice(0, n));
  }
}
