import { IllegalArgumentException, XORShiftRandom } from "../../common/index.js";
import { narrowDependency, ShuffleDependency } from "../dependency.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import { HashPartitioner } from "./hash-partitioner.js";

function checkPositive(numPartitions: number): void {
  if (Number.isInteger(numPartitions) && numPartitions > 0) return;
  throw new IllegalArgumentException(`requirement failed: Number of partitions (${numPartitions}) must be positive.`);
}

/** Neighbouring partitions put together until there are at most `numPartitions`; nothing moves. */
function mergeNeighbours<T>(rdd: RDD<T>, numPartitions: number): RDD<T> {
  return rdd.derive<T>({
    className: "CoalescedRDD",
    operator: "rdd.coalesce",
    async plan() {
      const before = (await rdd.resolved()).splits.length;
      const after = Math.min(before, numPartitions);
      const start = (i: number): number => Math.floor((i * before) / after);
      return {
        dependencies: [
          narrowDependency(rdd, (i) => Array.from({ length: start(i + 1) - start(i) }, (_, k) => start(i) + k)),
        ],
        splits: new Array<null>(after).fill(null),
      };
    },
  });
}

defineRddOperator({
  name: "rdd.coalesce",
  *iterate({ parents }) {
    for (const parent of parents()) yield* parent.iterate();
  },
  push({ parents }, sink) {
    for (const parent of parents()) if (!parent.push(sink)) return false;
    return true;
  },
});

/** The elements dealt out in turn, each partition beginning somewhere else. */
function dealOut<T>(rdd: RDD<T>, numPartitions: number): RDD<T> {
  const numbered = rdd.narrow<[number, T]>("rdd.numberTargets", numPartitions);
  const shuffled = rdd.derive<[number, T]>({
    className: "ShuffledRDD",
    operator: "rdd.partitionBy",
    plan: () => {
      const partitioner = new HashPartitioner(numPartitions);
      return {
        dependencies: [new ShuffleDependency(numbered, partitioner)],
        splits: new Array<null>(numPartitions).fill(null),
        partitioner,
      };
    },
  });
  return mergeNeighbours(shuffled, numPartitions).values();
}

defineRddOperator<number>({
  name: "rdd.numberTargets",
  transduce({ params: numPartitions, partition }, sink) {
    // The remainder keeps the place what the hash partitioner would make of Spark's ever growing number.
    let position = new XORShiftRandom(partition).nextInt(numPartitions);
    return (element) => {
      position = (position + 1) % numPartitions;
      return sink([position, element]);
    };
  },
});

/** At most `numPartitions` partitions; exactly as many, of about equal size, when elements may move (`shuffle`). */
export function coalesce<T>(rdd: RDD<T>, numPartitions: number, shuffle: boolean): RDD<T> {
  checkPositive(numPartitions);
  return shuffle ? dealOut(rdd, numPartitions) : mergeNeighbours(rdd, numPartitions);
}
