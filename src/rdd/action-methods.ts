import { SparkUnsupportedOperationException } from "../common/index.js";
import { captureClosure } from "../exec/closure/index.js";
import { deserializeValue, serializeValue } from "./codec/index.js";
import { take } from "./jobs/take.js";
import { compareNatural } from "./ordering.js";
import { TransformationMethods } from "./transformation-methods.js";

/** Spark's error for an action that needs at least one element. */
export const emptyCollection = (): SparkUnsupportedOperationException =>
  new SparkUnsupportedOperationException("empty collection: the RDD has no elements; test with isEmpty() first.", {
    condition: "_LEGACY_ERROR_TEMP_3014",
  });

/** Actions that need nothing but elements. */
export abstract class ActionMethods<T> extends TransformationMethods<T> {
  /** All elements, in order, on the driver. */
  async collect(): Promise<T[]> {
    const partitions = await this.runAction<T[]>("rdd.collect");
    return partitions.length === 1 ? partitions[0] : (partitions.flat(1) as T[]);
  }
  /** {@link collect} as a job of the group. */
  collectWithJobGroup(groupId: string, description: string, interruptOnCancel = false): Promise<T[]> {
    const restore = this.context.savedProperties();
    this.context.setJobGroup(groupId, description, interruptOnCancel);
    try {
      return this.collect();
    } finally {
      restore();
    }
  }
  async count(): Promise<number> {
    let total = 0;
    await this.runAction<number>("rdd.count", undefined, { onResult: (_, count) => (total += count) });
    return total;
  }
  /** The first `num` elements; computes one partition, then more at a time, until there are enough. */
  take(num: number): Promise<T[]> {
    return take(this.self, num);
  }
  /** The first element; an error when there is none. */
  async first(): Promise<T> {
    const found = await this.take(1);
    if (found.length === 0) throw emptyCollection();
    return found[0];
  }
  async isEmpty(): Promise<boolean> {
    return (await this.take(1)).length === 0;
  }

  /** Combines all elements with `f`, inside the partitions and then on the driver in partition order. */
  async reduce(f: (left: T, right: T) => T): Promise<T> {
    const parts = (await this.runAction<T[]>("rdd.reduce", captureClosure(f))).flat(1) as T[];
    if (parts.length === 0) throw emptyCollection();
    return parts.slice(1).reduce((left, right) => f(left, right), parts[0]);
  }
  /** As {@link reduce} from `zero`, which is used once a partition and once on the driver. */
  fold(zero: T, op: (left: T, right: T) => T): Promise<T> {
    return this.aggregate(zero, op, op);
  }
  /** Adds the elements of each partition to `zero` with `add`, and the partitions' values to `zero` with `combine`. */
  async aggregate<U>(zero: U, add: (value: U, element: T) => U, combine: (left: U, right: U) => U): Promise<U> {
    const bytes = serializeValue(zero);
    const parts = await this.runAction<U>("rdd.aggregate", { zero: bytes, add: captureClosure(add) });
    // A copy: functions may change what they are given, and the caller keeps the zero value.
    return parts.reduce((left, right) => combine(left, right), deserializeValue(bytes) as U);
  }
  /** The greatest element, by `key` if given. */
  max<K>(key?: (element: T) => K): Promise<T> {
    return this.extreme(true, key);
  }
  /** The least element, by `key` if given. */
  min<K>(key?: (element: T) => K): Promise<T> {
    return this.extreme(false, key);
  }
  private async extreme<K>(greatest: boolean, key: ((element: T) => K) | undefined): Promise<T> {
    const closure = key && captureClosure(key);
    const parts = (await this.runAction<T[]>("rdd.extreme", { greatest, key: closure })).flat(1) as T[];
    if (parts.length === 0) throw emptyCollection();
    const sign = greatest ? -1 : 1;
    const of = (element: T): unknown => (key ? key(element) : element);
    return parts.reduce((best, next) => (sign * compareNatural(of(next), of(best)) < 0 ? next : best));
  }

  /** Calls `f` with every element, on the workers. */
  async foreach(f: (element: T) => unknown): Promise<void> {
    await this.runAction("rdd.foreach", captureClosure(f));
  }
  /** Calls `f` with the elements of every partition, on the workers. */
  async foreachPartition(f: (elements: IterableIterator<T>) => unknown): Promise<void> {
    await this.runAction("rdd.foreachPartition", captureClosure(f));
  }

  /** The elements one partition at a time; the next one is computed while this one is read where `prefetchPartitions` says so. */
  async *toLocalIterator(prefetchPartitions = false): AsyncGenerator<T> {
    const numPartitions = await this.getNumPartitions();
    const fetch = async (partition: number): Promise<T[]> => {
      const [elements] = await this.runAction<T[]>("rdd.collect", undefined, {
        partitions: [partition],
        description: "toLocalIterator",
      });
      return elements;
    };
    let ahead: Promise<T[]> | undefined;
    for (let partition = 0; partition < numPartitions; partition++) {
      const elements = await (ahead ?? fetch(partition));
      ahead = prefetchPartitions && partition + 1 < numPartitions ? fetch(partition + 1) : undefined;
      // Its failure is reported when its turn comes.
      ahead?.catch(() => undefined);
      yield* elements;
    }
  }

  /** Frees the blocks of the shuffles this RDD reads; they are written again when they are needed. */
  async cleanShuffleDependencies(_blocking = false): Promise<void> {
    for (const dependency of await this.dependencies()) {
      if (dependency.kind === "shuffle") {
        const output = dependency.output;
        dependency.output = undefined;
        (await output)?.release();
      } else await dependency.rdd.cleanShuffleDependencies();
    }
  }
}
