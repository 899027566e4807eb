import { narrowDependency } from "../dependency.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";

/** All pairs: a partition for every two partitions. The right side is computed again for every element of the left. */
export function cartesian<T, U>(left: RDD<T>, right: RDD<U>): RDD<[T, U]> {
  return left.derive<[T, U]>({
    className: "CartesianRDD",
    operator: "rdd.cartesian",
    plan: async () => {
      const rows = (await left.resolved()).splits.length;
      const columns = (await right.resolved()).splits.length;
      return {
        dependencies: [
          narrowDependency(left, (p) => [Math.floor(p / columns)]),
          narrowDependency(right, (p) => [p % columns]),
        ],
        splits: Array.from({ length: rows * columns }, () => undefined),
      };
    },
  });
}

defineRddOperator<undefined>({
  name: "rdd.cartesian",
  *iterate({ parent }) {
    for (const a of parent(0).iterate()) for (const b of parent(1).iterate()) yield [a, b];
  },
  push({ parent }, sink) {
    const right = parent(1);
    return parent(0).push((a) => right.push((b) => sink([a, b])));
  },
});
