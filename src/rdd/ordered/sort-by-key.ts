import { narrowDependency, oneToOne, ShuffleDependency } from "../dependency.js";
import { deserializeValue, serializeValue } from "../codec/index.js";
import { defineRddOperator } from "../operator.js";
import { compareNatural, type OrderingSpec } from "../ordering.js";
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

/** Pairs whose keys lie between two bounds, both included; of a range-partitioned RDD only the partitions that can have some. */
export function filterByRange<K, V>(rdd: RDD<[K, V]>, lower: K, upper: K): RDD<[K, V]> {
  const params: RangeFilter = { lower: serializeValue(lower), upper: serializeValue(upper) };
  return rdd.derive<[K, V]>({
    className: "MapPartitionsRDD",
    operator: "rdd.filterByRange",
    params,
    async plan() {
      const { splits, partitioner } = await rdd.resolved();
      if (!(partitioner instanceof RangePartitioner)) {
        return { dependencies: [oneToOne(rdd)], splits: splits.map(() => null), partitioner };
      }
      const ends = [partitioner.getPartition(lower), partitioner.getPartition(upper)].sort((a, b) => a - b);
      const kept = splits.map((_, i) => i).filter((i) => i >= ends[0] && i <= ends[1]);
      return {
        dependencies: [narrowDependency(rdd, (i) => [kept[i]], "PruneDependency")],
        splits: kept.map(() => null),
      };
    },
  });
}

interface RangeFilter {
  readonly lower: Uint8Array;
  readonly upper: Uint8Array;
}

defineRddOperator<RangeFilter>({
  name: "rdd.filterByRange",
  transduce({ params }, sink) {
    const [lower, upper] = [deserializeValue(params.lower), deserializeValue(params.upper)];
    return (pair: readonly [unknown, unknown]) =>
      compareNatural(pair[0], lower) >= 0 && compareNatural(pair[0], upper) <= 0 ? sink(pair) : true;
  },
});
