import { OrderedMethods } from "../ordered/ordered-methods.js";
import type { RDD } from "../rdd.js";
import { randomSplit, sample, seedOf, takeSample } from "./sample.js";
import { sampleByKey, type Fractions } from "./sample-by-key.js";

/** Random samples; a seed makes them repeat, number for number those of Spark. */
export abstract class SamplingMethods<T> extends OrderedMethods<T> {
  /** Each element with probability `fraction`, or with replacement `fraction` times on average. */
  sample(withReplacement: boolean, fraction: number, seed?: number | bigint): RDD<T> {
    return sample(this.self, withReplacement, fraction, seedOf(seed));
  }
  /** Disjoint parts whose sizes are about as the weights, which need not add up to 1. */
  randomSplit(weights: readonly number[], seed?: number | bigint): RDD<T>[] {
    return randomSplit(this.self, weights, seedOf(seed));
  }
  /** Exactly `num` elements in random order, or all there are when none may be drawn twice. */
  takeSample(withReplacement: boolean, num: number, seed?: number | bigint): Promise<T[]> {
    return takeSample(this.self, withReplacement, num, seedOf(seed));
  }
  /** A sample with a fraction for each key. */
  sampleByKey<K, V>(
    this: RDD<[K, V]>,
    withReplacement: boolean,
    fractions: Fractions<K>,
    seed?: number | bigint,
  ): RDD<[K, V]> {
    return sampleByKey(this, withReplacement, fractions, seedOf(seed), false);
  }
  /** A sample with exactly `ceil(count * fraction)` pairs of each key. */
  sampleByKeyExact<K, V>(
    this: RDD<[K, V]>,
    withReplacement: boolean,
    fractions: Fractions<K>,
    seed?: number | bigint,
  ): RDD<[K, V]> {
    return sampleByKey(this, withReplacement, fractions, seedOf(seed), true);
  }
}
