import { ApproximateMethods } from "../approximate/approximate-methods.js";
import type { PartitionFunc } from "../partitioners/function-partitioner.js";
import type { RDD } from "../rdd.js";
import type { Partitioning } from "./choose-partitioner.js";
import { combineByKey, combineSpec, foldSpec, groupSpec, reduceSpec } from "./combine-by-key.js";
import { collectAsMap, countByValue, lookup, reduceByKeyLocally } from "./key-actions.js";
import { partitionBy } from "./partition-by.js";

/** What can be done with pairs of a key and a value. */
export abstract class PairMethods<T> extends ApproximateMethods<T> {
  /** One value a key: all of its values combined with `func`. */
  reduceByKey<K, V>(
    this: RDD<[K, V]>,
    func: (left: V, right: V) => V,
    partitioning?: Partitioning,
    partitionFunc?: PartitionFunc,
  ): RDD<[K, V]> {
    return combineByKey(this, reduceSpec(func), { partitioning, partitionFunc });
  }
  /** As {@link reduceByKey}, from `zeroValue`, which is used once a key and partition. */
  foldByKey<K, V>(
    this: RDD<[K, V]>,
    zeroValue: V,
    func: (left: V, right: V) => V,
    partitioning?: Partitioning,
    partitionFunc?: PartitionFunc,
  ): RDD<[K, V]> {
    return combineByKey(this, foldSpec(zeroValue, func, func), { partitioning, partitionFunc });
  }
  /** The values of each key added to `zeroValue` with `seqFunc` in every partition, then combined with `combFunc`. */
  aggregateByKey<K, V, U>(
    this: RDD<[K, V]>,
    zeroValue: U,
    seqFunc: (acc: U, value: V) => U,
    combFunc: (left: U, right: U) => U,
    partitioning?: Partitioning,
    partitionFunc?: PartitionFunc,
  ): RDD<[K, U]> {
    return combineByKey(this, foldSpec(zeroValue, seqFunc, combFunc), { partitioning, partitionFunc });
  }
  /** The values of each key put together by three functions: the first value, a further value, two combinations. */
  combineByKey<K, V, C>(
    this: RDD<[K, V]>,
    createCombiner: (value: V) => C,
    mergeValue: (combiner: C, value: V) => C,
    mergeCombiners: (left: C, right: C) => C,
    partitioning?: Partitioning,
    partitionFunc?: PartitionFunc,
    mapSideCombine = true,
  ): RDD<[K, C]> {
    const aggregator = combineSpec(createCombiner, mergeValue, mergeCombiners);
    return combineByKey(this, aggregator, { partitioning, partitionFunc, mapSideCombine });
  }
  /** An array of all values for each key. */
  groupByKey<K, V>(this: RDD<[K, V]>, partitioning?: Partitioning, partitionFunc?: PartitionFunc): RDD<[K, V[]]> {
    return combineByKey(this, groupSpec, { partitioning, partitionFunc, mapSideCombine: false });
  }
  /** An array of all elements for each value of `f`. */
  groupBy<K>(f: (element: T) => K, partitioning?: Partitioning, partitionFunc?: PartitionFunc): RDD<[K, T[]]> {
    return this.keyBy(f).groupByKey(partitioning, partitionFunc);
  }
  /** The pairs where a partitioner wants them, or that many partitions by hash or by `partitionFunc`. */
  partitionBy<K, V>(this: RDD<[K, V]>, partitioning?: Partitioning, partitionFunc?: PartitionFunc): RDD<[K, V]> {
    return partitionBy(this, partitioning, partitionFunc);
  }

  /** As {@link reduceByKey}, with the result on the driver. */
  reduceByKeyLocally<K, V>(this: RDD<[K, V]>, func: (left: V, right: V) => V): Promise<Map<K, V>> {
    return reduceByKeyLocally(this, func);
  }
  /** How many pairs each key has. */
  countByKey<K, V>(this: RDD<[K, V]>): Promise<Map<K, number>> {
    return countByValue<K>(this, { keys: true });
  }
  /** How often each element occurs. */
  countByValue(): Promise<Map<T, number>> {
    return countByValue<T>(this.self, { keys: false });
  }
  /** All pairs as a Map; of several values of a key the last one stays. */
  collectAsMap<K, V>(this: RDD<[K, V]>): Promise<Map<K, V>> {
    return collectAsMap(this);
  }
  /** All values of a key; reads one partition only when the RDD has a partitioner. */
  lookup<K, V>(this: RDD<[K, V]>, key: K): Promise<V[]> {
    return lookup(this, key);
  }
}
