import type { PartitionFunc } from "../partitioners/function-partitioner.js";
import type { Partitioning } from "../pair/choose-partitioner.js";
import type { RDD } from "../rdd.js";
import { NumericMethods } from "../numeric/numeric-methods.js";
import { filterByRange, repartitionAndSort, sortByKey } from "./sort-by-key.js";
import { takeOrdered } from "./take-ordered.js";

/** Sorting, and the elements at the ends of an order. */
export abstract class OrderedMethods<T> extends NumericMethods<T> {
  /** All elements in the order of what `keyfunc` gives for them; stable. */
  sortBy<K>(keyfunc: (element: T) => K, ascending = true, numPartitions?: number): RDD<T> {
    return sortByKey(this.keyBy(keyfunc), numPartitions, { ascending }).values();
  }
  /** All pairs in the order of their keys, or of what `keyfunc` gives for the keys; stable. */
  sortByKey<K, V>(
    this: RDD<[K, V]>,
    ascending = true,
    numPartitions?: number,
    keyfunc?: (key: K) => unknown,
  ): RDD<[K, V]> {
    return sortByKey(this, numPartitions, { ascending, ...(keyfunc ? { key: keyfunc } : {}) });
  }
  /** Moves pairs to where the partitioner wants them, each partition sorted by key. */
  repartitionAndSortWithinPartitions<K, V>(
    this: RDD<[K, V]>,
    partitioning?: Partitioning,
    partitionFunc?: PartitionFunc,
    ascending = true,
    keyfunc?: (key: K) => unknown,
  ): RDD<[K, V]> {
    return repartitionAndSort(this, partitioning, partitionFunc, { ascending, ...(keyfunc ? { key: keyfunc } : {}) });
  }
  /** The pairs whose keys lie between `lower` and `upper`, both included; after `sortByKey` only the partitions that can have some are read. */
  filterByRange<K, V>(this: RDD<[K, V]>, lower: K, upper: K): RDD<[K, V]> {
    return filterByRange(this, lower, upper);
  }

  /** The largest `count` elements, or those with the largest keys, in descending order. */
  top(count: number, key?: (element: T) => unknown): Promise<T[]> {
    return takeOrdered(this.self, count, true, key);
  }
  /** The smallest `count` elements, or those with the smallest keys, in ascending order. */
  takeOrdered(count: number, key?: (element: T) => unknown): Promise<T[]> {
    return takeOrdered(this.self, count, false, key);
  }
}
