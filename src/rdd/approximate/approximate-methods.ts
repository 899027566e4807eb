import type { RDD } from "../rdd.js";
import { SamplingMethods } from "../sampling/sampling-methods.js";
import { approximate, countApproxDistinct } from "./approximate-actions.js";
import type { BoundedDouble } from "./bounded-double.js";
import { estimateMean, estimateSum } from "./evaluators.js";

/** Answers that are good enough, sooner. */
export abstract class ApproximateMethods<T> extends SamplingMethods<T> {
  /** About how many elements there are, from what is counted within `timeout` milliseconds. */
  async countApprox(timeout: number, confidence = 0.95): Promise<number> {
    const estimate = await approximate(this.self, "rdd.partitionCount", timeout, confidence, estimateSum);
    return Math.trunc(estimate.mean);
  }
  /** The sum, or an estimate of it with bounds, within `timeout` milliseconds. */
  sumApprox(this: RDD<number>, timeout: number, confidence = 0.95): Promise<BoundedDouble> {
    return approximate(this, "rdd.stats", timeout, confidence, estimateSum);
  }
  /** The mean, or an estimate of it with bounds, within `timeout` milliseconds. */
  meanApprox(this: RDD<number>, timeout: number, confidence = 0.95): Promise<BoundedDouble> {
    return approximate(this, "rdd.stats", timeout, confidence, estimateMean);
  }
  /** About how many distinct elements there are (HyperLogLog++), with a relative standard deviation of `relativeSD`. */
  countApproxDistinct(relativeSD = 0.05): Promise<number> {
    return countApproxDistinct(this.self, relativeSD);
  }
}
