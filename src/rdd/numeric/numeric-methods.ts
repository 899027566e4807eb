import { defineRddAction } from "../action.js";
import { ActionMethods } from "../action-methods.js";
import type { RDD } from "../rdd.js";
import { histogram } from "./histogram.js";
import { StatCounter, type StatCounterState } from "./stat-counter.js";
import { treeAggregate, treeReduce } from "./tree-aggregate.js";

defineRddAction<undefined, number>({
  name: "rdd.sum",
  run(source) {
    let sum = 0;
    source.push((value: number) => {
      sum += Number(value);
      return true;
    });
    return sum;
  },
});

defineRddAction<undefined, StatCounterState>({
  name: "rdd.stats",
  run(source) {
    const counter = new StatCounter();
    source.push((value: number) => {
      counter.merge(Number(value));
      return true;
    });
    return counter.state;
  },
});

/** Statistics of numbers, and aggregation in a tree. */
export abstract class NumericMethods<T> extends ActionMethods<T> {
  async sum(this: RDD<number>): Promise<number> {
    let sum = 0;
    for (const part of await this.runAction<number>("rdd.sum")) sum += part;
    return sum;
  }
  /** Count, mean, variance, minimum and maximum in one pass. */
  async stats(this: RDD<number>): Promise<StatCounter> {
    const counter = new StatCounter();
    for (const state of await this.runAction<StatCounterState>("rdd.stats")) {
      counter.mergeStats(StatCounter.fromState(state));
    }
    return counter;
  }
  async mean(this: RDD<number>): Promise<number> {
    return (await this.stats()).mean();
  }
  /** Variance of the population. */
  async variance(this: RDD<number>): Promise<number> {
    return (await this.stats()).variance();
  }
  /** Standard deviation of the population. */
  async stdev(this: RDD<number>): Promise<number> {
    return (await this.stats()).stdev();
  }
  /** Variance with Bessel's correction. */
  async sampleVariance(this: RDD<number>): Promise<number> {
    return (await this.stats()).sampleVariance();
  }
  /** Standard deviation with Bessel's correction. */
  async sampleStdev(this: RDD<number>): Promise<number> {
    return (await this.stats()).sampleStdev();
  }
  /**
   * Bounds and counts of buckets: that many of equal width between minimum and maximum, or those between the given ascending
   * bounds. Buckets are open at the upper end but for the last one. `evenBuckets` says that the given bounds are equally far
   * apart, which is faster.
   */
  histogram<S>(this: RDD<S>, buckets: number | readonly S[], evenBuckets = false): Promise<[S[], number[]]> {
    return histogram(this, buckets, evenBuckets);
  }

  /** As `reduce`, but partial results are combined on the workers, `depth` levels deep. */
  treeReduce(f: (a: T, b: T) => T, depth = 2): Promise<T> {
    return treeReduce(this.self, f, depth);
  }
  /** As `aggregate`, but partial results are combined on the workers, `depth` levels deep. */
  treeAggregate<U>(zeroValue: U, seqOp: (acc: U, element: T) => U, combOp: (a: U, b: U) => U, depth = 2): Promise<U> {
    return treeAggregate(this.self, zeroValue, seqOp, combOp, depth);
  }
}
