import { oneToOne, ShuffleDependency } from "../dependency.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { PartitionFunc } from "../partitioners/function-partitioner.js";
import { choosePartitioner, givenPartitioner, type Partitioning } from "./choose-partitioner.js";

/** The same pairs where the partitioner wants them; nothing moves when they are there already. */
export function partitionBy<K, V>(
  rdd: RDD<[K, V]>,
  partitioning: Partitioning,
  partitionFunc?: PartitionFunc,
): RDD<[K, V]> {
  const given = givenPartitioner(partitioning, partitionFunc);
  return rdd.derive<[K, V]>({
    className: "ShuffledRDD",
    operator: "rdd.partitionBy",
    async plan() {
      const partitioner = await choosePartitioner(given, [rdd], partitionFunc);
      const parent = await rdd.resolved();
      const there = parent.partitioner?.equals(partitioner) ?? false;
      return {
        dependencies: [there ? oneToOne(rdd) : new ShuffleDependency(rdd, partitioner)],
        splits: new Array<null>(partitioner.numPartitions).fill(null),
        partitioner,
      };
    },
  });
}

defineRddOperator({
  name: "rdd.partitionBy",
  iterate: (input) => (input.isShuffle(0) ? input.shuffle() : input.parent()).iterate(),
  push: (input, sink) => (input.isShuffle(0) ? input.shuffle() : input.parent()).push(sink),
});
