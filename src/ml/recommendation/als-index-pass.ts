import { definePassKernel } from "../../exec/index.js";
import { indexIds } from "./index-ids.js";

/** Ratings of one partition in shared memory. */
export interface RatingsPart {
  readonly count: number;
  readonly users: SharedArrayBuffer;
  readonly items: SharedArrayBuffer;
  readonly ratings: SharedArrayBuffer;
}

/** Where the numbered ratings lie: i32[count] each. */
export interface IndexedBlock {
  readonly count: number;
  /** Number of each rating's user, and the distinct users' ids. */
  readonly user: number;
  readonly userIds: number;
  readonly item: number;
  readonly itemIds: number;
}

export const idsOf = (parts: readonly RatingsPart[], side: "users" | "items"): Int32Array[] =>
  parts.map((part) => new Int32Array(part[side], 0, part.count));

/** Numbers users (unit 0) and items (unit 1) by ascending id; the output says how many there are. */
export const alsIndexPass = definePassKernel<readonly RatingsPart[]>({
  name: "ml.als.index",
  open: ({ config, blocks, output }) => {
    const [{ memory, info }] = blocks;
    const { count, user, userIds, item, itemIds } = info as IndexedBlock;
    const view = (at: number): Int32Array => new Int32Array(memory.buffer, at, count);
    return (unit) => {
      output(unit)[0] =
        unit === 0
          ? indexIds(idsOf(config, "users"), view(user), view(userIds))
          : indexIds(idsOf(config, "items"), view(item), view(itemIds));
    };
  },
});
