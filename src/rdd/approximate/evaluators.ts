import type { StatCounter } from "../numeric/stat-counter.js";
import { BoundedDouble } from "./bounded-double.js";
import { confidenceFactor } from "./confidence-factor.js";

const { POSITIVE_INFINITY: INFINITY } = Number;

/** What is known of an answer when some of the partitions have been seen. */
export interface Progress {
  readonly seen: StatCounter;
  readonly partitions: number;
  readonly totalPartitions: number;
}

/** The mean, with bounds from the spread of what was seen, as Spark's `MeanEvaluator`. */
export function estimateMean({ seen, partitions, totalPartitions }: Progress, confidence: number): BoundedDouble {
  const mean = seen.mean();
  const count = seen.count();
  if (partitions === totalPartitions) return new BoundedDouble(mean, 1, mean, mean);
  if (partitions === 0 || count === 0) return new BoundedDouble(0, 0, -INFINITY, INFINITY);
  if (count === 1) return new BoundedDouble(mean, confidence, -INFINITY, INFINITY);
  const reach = confidenceFactor(confidence, count) * Math.sqrt(seen.sampleVariance() / count);
  return new BoundedDouble(mean, confidence, mean - reach, mean + reach);
}

/** The sum: partitions not seen are taken to be like those seen, as Spark's `SumEvaluator` does. */
export function estimateSum({ seen, partitions, totalPartitions }: Progress, confidence: number): BoundedDouble {
  const sum = seen.sum();
  const count = seen.count();
  if (partitions === totalPartitions) return new BoundedDouble(sum, 1, sum, sum);
  if (partitions === 0 || count === 0) return new BoundedDouble(0, 0, -INFINITY, INFINITY);
  const p = partitions / totalPartitions;
  const mean = seen.mean();
  const unseen = (count * (1 - p)) / p;
  const rest = mean * unseen;
  const meanVariance = seen.sampleVariance() / count;
  if (Number.isNaN(meanVariance) || count === 1) {
    return new BoundedDouble(sum + rest, confidence, -INFINITY, INFINITY);
  }
  const countVariance = (count * (1 - p)) / (p * p);
  const variance = mean * mean * countVariance + unseen * unseen * meanVariance + meanVariance * countVariance;
  const reach = confidenceFactor(confidence, count) * Math.sqrt(variance);
  return new BoundedDouble(sum + rest, confidence, sum + rest - reach, sum + rest + reach);
}
