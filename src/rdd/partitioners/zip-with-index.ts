import { oneToOne } from "../dependency.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";

/** Pairs of an element and its place; counts all partitions but the last one in a job of its own, when first used. */
export function zipWithIndex<T>(rdd: RDD<T>): RDD<[T, number]> {
  return rdd.derive<[T, number]>({
    className: "ZippedWithIndexRDD",
    operator: "rdd.zipWithIndex",
    async plan() {
      const { length } = (await rdd.resolved()).splits;
      const starts = [0];
      if (length > 1) {
        const partitions = Array.from({ length: length - 1 }, (_, i) => i);
        const counts = await rdd.runAction<number>("rdd.count", undefined, { partitions, description: "zipWithIndex" });
        for (const count of counts) starts.push(starts[starts.length - 1] + count);
      }
      return { dependencies: [oneToOne(rdd)], splits: starts.slice(0, length) };
    },
  });
}

defineRddOperator<undefined, number>({
  name: "rdd.zipWithIndex",
  transduce({ split }, sink) {
    let index = split;
    return (element) => sink([element, index++]);
  },
});

/** Pairs of an element and a number: those of partition k of n are k, n + k, 2n + k... */
export function zipWithUniqueId<T>(rdd: RDD<T>): RDD<[T, number]> {
  return rdd.derive<[T, number]>({
    className: "MapPartitionsRDD",
    operator: "rdd.zipWithUniqueId",
    async plan() {
      const { splits } = await rdd.resolved();
      return { dependencies: [oneToOne(rdd)], splits: splits.map(() => splits.length) };
    },
  });
}

defineRddOperator<undefined, number>({
  name: "rdd.zipWithUniqueId",
  transduce({ split: step, partition }, sink) {
    let next = partition - step;
    return (element) => sink([element, (next += step)]);
  },
});
