import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { Partitioning } from "./choose-partitioner.js";
import { cogroup } from "./cogroup.js";

/** Which keys survive that only one side has. */
export type JoinType = "inner" | "leftOuter" | "rightOuter" | "fullOuter";

/** Every pair of a left and a right value of a key; `null` stands for the value of a side that has none. */
export const join = <K, V, W>(
  left: RDD<[K, V]>,
  right: RDD<[K, W]>,
  type: JoinType,
  partitioning: Partitioning,
): RDD<[K, [V, W]]> =>
  cogroup<K>([left, right], partitioning).narrow<[K, [V, W]]>("rdd.join", type, { preservesPartitioning: true });

const NOTHING: readonly unknown[] = [null];

defineRddOperator<JoinType>({
  name: "rdd.join",
  transduce({ params }, sink) {
    const keepLeft = params === "leftOuter" || params === "fullOuter";
    const keepRight = params === "rightOuter" || params === "fullOuter";
    return ([key, [left, right]]: [unknown, [unknown[], unknown[]]]) => {
      const lefts = left.length === 0 && keepRight ? NOTHING : left;
      const rights = right.length === 0 && keepLeft ? NOTHING : right;
      for (const v of lefts) for (const w of rights) if (!sink([key, [v, w]])) return false;
      return true;
    };
  },
});
