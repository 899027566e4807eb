import { ShuffleDependency } from "../dependency.js";
import { defineRddOperator } from "../operator.js";
import type { OrderingSpec } from "../ordering.js";
import type { Partitioner } from "../partitioner.js";
import { rangeOrdering, RangePartitioner, type RangeOptions } from "../partitioners/range-partitioner.js";
import type { PartitionFunc } from "../partitioners/function-partitioner.js";
import { choosePartitioner, givenPartitioner, type Partitioning } from "../pair/choose-partitioner.js";
import type { RDD } from "../rdd.js";

/** Pairs moved by a partitioner that is known only when a job asks, and sorted inside each partition. */
function sortedShuffle<K, V>(
  rdd: RDD<[K, V]>,
  ordering: OrderingSpec,
  choose: () => Promise<Partitioner>,
): RDD<[K, V]> {
  return rdd.derive<[K, V]>({
    className: "ShuffledRDD",
    operator: "rdd.sortedShuffle",
    async plan() {
      const partitioner = await choose();
      return {
        dependencies: [new ShuffleDependency(rdd, partitioner, { ordering })],
        splits: new Array<null>(partitioner.numPartitions).fill(null),
        partitioner,
      };
    },
  });
}

defineRddOperator({
  name: "rdd.sortedShuffle",
  iterate: (input) => input.shuffle().iterate(),
  push: (input, sink) => input.shuffle().push(sink),
});

/** All pairs in the order of their keys; bounds between the partitions are sampled by the first job that needs them. */
export function sortByKey<K, V>(
  rdd: RDD<[K, V]>,
  numPartitions: number | undefined,
  options: RangeOptions<K>,
): RDD<[K, V]> {
  const ordering = rangeOrdering(options);
  givenPartitioner(numPartitions);
  return sortedShuffle(rdd, ordering, async () =>
    RangePartitioner.of(rdd, numPartitions ?? (await rdd.resolved()).splits.length, options),
  );
}

/** Moves pairs where the partitioner wants them and sorts each partition while it is read. */
export function repartitionAndSort<K, V>(
  rdd: RDD<[K, V]>,
  partitioning: Partitioning,
  partitionFunc: PartitionFunc | undefined,
  options: RangeOptions<K>,
): RDD<[K, V]> {
  const given = givenPartitioner(partitioning, partitionFunc);
  return sortedShuffle(rdd, rangeOrdering(options), () => choosePartitioner(given, [rdd], partitionFunc));
}
