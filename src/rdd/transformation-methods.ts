import { captureClosure } from "../exec/closure/index.js";
import { cartesian } from "./operators/cartesian.js";
import { union } from "./operators/union.js";
import { zip, zipPartitions } from "./operators/zip-partitions.js";
import type { RDD } from "./rdd.js";
import { RddBase } from "./rdd-base.js";

/** Transformations that need no shuffle. */
export abstract class TransformationMethods<T> extends RddBase<T> {
  /** Applies `f` to every element. */
  map<U>(f: (element: T) => U, preservesPartitioning = false): RDD<U> {
    return this.narrow<U>("rdd.map", captureClosure(f), { preservesPartitioning });
  }
  /** Applies `f` to every element and puts what it gives one after the other. */
  flatMap<U>(f: (element: T) => Iterable<U>, preservesPartitioning = false): RDD<U> {
    return this.narrow<U>("rdd.flatMap", captureClosure(f), { preservesPartitioning });
  }
  /** Keeps the elements for which `f` is true. */
  filter<S extends T>(f: (element: T) => element is S): RDD<S>;
  filter(f: (element: T) => unknown): RDD<T>;
  filter(f: (element: T) => unknown): RDD<T> {
    return this.narrow<T>("rdd.filter", captureClosure(f), { preservesPartitioning: true });
  }
  /** Applies `f` to the elements of each partition, which it takes as it goes. */
  mapPartitions<U>(f: (elements: IterableIterator<T>) => Iterable<U>, preservesPartitioning = false): RDD<U> {
    return this.narrow<U>("rdd.mapPartitions", captureClosure(f), { preservesPartitioning });
  }
  /** The same with the number of the partition. */
  mapPartitionsWithIndex<U>(
    f: (partition: number, elements: IterableIterator<T>) => Iterable<U>,
    preservesPartitioning = false,
  ): RDD<U> {
    return this.narrow<U>("rdd.mapPartitionsWithIndex", captureClosure(f), { preservesPartitioning });
  }
  /** Old name of {@link mapPartitionsWithIndex}. */
  mapPartitionsWithSplit<U>(
    f: (partition: number, elements: IterableIterator<T>) => Iterable<U>,
    preservesPartitioning = false,
  ): RDD<U> {
    return this.mapPartitionsWithIndex(f, preservesPartitioning);
  }
  /** One array of all elements a partition. */
  glom(): RDD<T[]> {
    return this.narrow<T[]>("rdd.glom", undefined);
  }
  /** Pairs of `f(element)` and the element. */
  keyBy<K>(f: (element: T) => K): RDD<[K, T]> {
    return this.narrow<[K, T]>("rdd.keyBy", captureClosure(f));
  }
  /** The elements of both, one after the other; nothing is removed. */
  union<U>(other: RDD<U>): RDD<T | U> {
    return union<T | U>(this.context, [this.self, other as unknown as RDD<T>]);
  }
  /** All pairs of an element of this and one of the other. */
  cartesian<U>(other: RDD<U>): RDD<[T, U]> {
    return cartesian(this.self, other);
  }
  /** Pairs of the elements at the same place; both need as many partitions and, in each, as many elements. */
  zip<U>(other: RDD<U>): RDD<[T, U]> {
    return zip(this.self, other);
  }
  /** Applies `f` to the same partition of this and the others. */
  zipPartitions<U, R>(
    other: RDD<U>,
    f: (own: IterableIterator<T>, other: IterableIterator<U>) => Iterable<R>,
    preservesPartitioning?: boolean,
  ): RDD<R>;
  zipPartitions<R>(
    others: readonly RDD<never>[],
    f: (...elements: IterableIterator<never>[]) => Iterable<R>,
    preservesPartitioning?: boolean,
  ): RDD<R>;
  zipPartitions<R>(
    // eslint-disable-next-line typescript/no-explicit-any -- the overloads above say what goes together
    others: RDD<any> | readonly RDD<any>[],
    // eslint-disable-next-line typescript/no-explicit-any -- see others
    f: (...elements: any[]) => Iterable<R>,
    preservesPartitioning = false,
  ): RDD<R> {
    const all = [this.self, ...(Array.isArray(others) ? (others as RDD<never>[]) : [others as RDD<never>])];
    return zipPartitions<R>(all, captureClosure(f), preservesPartitioning);
  }

  /** Applies `f` to the values and keeps the keys and the partitioning. */
  mapValues<K, V, U>(this: RDD<[K, V]>, f: (value: V) => U): RDD<[K, U]> {
    return this.narrow<[K, U]>("rdd.mapValues", captureClosure(f), { preservesPartitioning: true });
  }
  /** A pair for everything that `f` gives for a value; keeps the keys and the partitioning. */
  flatMapValues<K, V, U>(this: RDD<[K, V]>, f: (value: V) => Iterable<U>): RDD<[K, U]> {
    return this.narrow<[K, U]>("rdd.flatMapValues", captureClosure(f), { preservesPartitioning: true });
  }
  keys<K, V>(this: RDD<[K, V]>): RDD<K> {
    return this.narrow<K>("rdd.item", 0);
  }
  values<K, V>(this: RDD<[K, V]>): RDD<V> {
    return this.narrow<V>("rdd.item", 1);
  }
}
