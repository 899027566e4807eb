import { coalesce } from "../partitioners/coalesce.js";
import { zipWithIndex, zipWithUniqueId } from "../partitioners/zip-with-index.js";
import type { RDD } from "../rdd.js";
import type { Partitioning } from "./choose-partitioner.js";
import { cogroup, subtractByKey } from "./cogroup.js";
import { join } from "./join.js";
import { PairMethods } from "./pair-methods.js";
import { distinct, intersection, subtract } from "./set-operations.js";

// eslint-disable-next-line typescript/no-explicit-any -- RDD is invariant; any pairs with the key can be grouped
type Grouped<K> = readonly RDD<[K, any]>[];

/** What brings several RDDs together, and how elements are spread over partitions. */
export abstract class JoinMethods<T> extends PairMethods<T> {
  /** For each key that any of them has, the arrays of its values in this RDD and in up to three others. */
  cogroup<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, [V[], W[]]]>;
  cogroup<K, V, W1, W2>(
    this: RDD<[K, V]>,
    other1: RDD<[K, W1]>,
    other2: RDD<[K, W2]>,
    partitioning?: Partitioning,
  ): RDD<[K, [V[], W1[], W2[]]]>;
  cogroup<K, V, W1, W2, W3>(
    this: RDD<[K, V]>,
    other1: RDD<[K, W1]>,
    other2: RDD<[K, W2]>,
    other3: RDD<[K, W3]>,
    partitioning?: Partitioning,
  ): RDD<[K, [V[], W1[], W2[], W3[]]]>;
  cogroup<K, V>(this: RDD<[K, V]>, ...rest: unknown[]): unknown {
    const others = rest.filter((item) => item instanceof JoinMethods) as unknown as Grouped<K>;
    const last = rest[rest.length - 1];
    return cogroup<K>([this, ...others], last instanceof JoinMethods ? undefined : (last as Partitioning));
  }
  /** Another name of {@link cogroup}, for any number of RDDs. */
  groupWith<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>): RDD<[K, [V[], W[]]]>;
  groupWith<K, V, W1, W2>(this: RDD<[K, V]>, other1: RDD<[K, W1]>, other2: RDD<[K, W2]>): RDD<[K, [V[], W1[], W2[]]]>;
  groupWith<K, V, W1, W2, W3>(
    this: RDD<[K, V]>,
    other1: RDD<[K, W1]>,
    other2: RDD<[K, W2]>,
    other3: RDD<[K, W3]>,
  ): RDD<[K, [V[], W1[], W2[], W3[]]]>;
  groupWith<K>(...others: unknown[]): unknown {
    return cogroup<K>([this.self as unknown as RDD<[K, unknown]>, ...(others as unknown as Grouped<K>)], undefined);
  }
  /** A pair `[key, [own, other]]` for every two values of a key. */
  join<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, [V, W]]> {
    return join(this, other, "inner", partitioning);
  }
  /** As {@link join}; keys that only this RDD has come with `null`. */
  leftOuterJoin<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, [V, W | null]]> {
    return join<K, V, W | null>(this, other as RDD<[K, W | null]>, "leftOuter", partitioning);
  }
  /** As {@link join}; keys that only the other RDD has come with `null`. */
  rightOuterJoin<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, [V | null, W]]> {
    return join<K, V | null, W>(this as unknown as RDD<[K, V | null]>, other, "rightOuter", partitioning);
  }
  /** As {@link join}; keys that only one of them has come with `null` for the other. */
  fullOuterJoin<K, V, W>(
    this: RDD<[K, V]>,
    other: RDD<[K, W]>,
    partitioning?: Partitioning,
  ): RDD<[K, [V | null, W | null]]> {
    const left = this as unknown as RDD<[K, V | null]>;
    return join<K, V | null, W | null>(left, other as RDD<[K, W | null]>, "fullOuter", partitioning);
  }
  /** The pairs whose key the other RDD does not have. */
  subtractByKey<K, V, W>(this: RDD<[K, V]>, other: RDD<[K, W]>, partitioning?: Partitioning): RDD<[K, V]> {
    return subtractByKey(this, other, partitioning);
  }

  /** Each element once. */
  distinct(partitioning?: Partitioning): RDD<T> {
    return distinct(this.self, partitioning);
  }
  /** The elements that the other RDD does not have. */
  subtract(other: RDD<T>, partitioning?: Partitioning): RDD<T> {
    return subtract(this.self, other, partitioning);
  }
  /** The elements that both have, each once. */
  intersection(other: RDD<T>, partitioning?: Partitioning): RDD<T> {
    return intersection(this.self, other, partitioning);
  }

  /** Fewer partitions by putting neighbours together; with `shuffle`, any number of partitions of about equal size. */
  coalesce(numPartitions: number, shuffle = false): RDD<T> {
    return coalesce(this.self, numPartitions, shuffle);
  }
  /** That many partitions of about equal size; all elements move. */
  repartition(numPartitions: number): RDD<T> {
    return coalesce(this.self, numPartitions, true);
  }
  /** Pairs of an element and its place in the RDD. */
  zipWithIndex(): RDD<[T, number]> {
    return zipWithIndex(this.self);
  }
  /** Pairs of an element and a number that no other element has; needs no job. */
  zipWithUniqueId(): RDD<[T, number]> {
    return zipWithUniqueId(this.self);
  }
}
