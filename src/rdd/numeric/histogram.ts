import { IllegalArgumentException, SparkUnsupportedOperationException } from "../../common/index.js";
import { defineRddAction } from "../action.js";
import { compareNatural } from "../ordering.js";
import type { RDD } from "../rdd.js";
import type { StatCounterState } from "./stat-counter.js";

interface Params {
  readonly buckets: readonly unknown[];
  readonly even: boolean;
}

/** Bucket of a value by search; -1 for what lies outside. All buckets but the last are open at their upper end. */
function search(buckets: readonly unknown[], value: unknown): number {
  let low = 0;
  let high = buckets.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compareNatural(buckets[middle], value);
    if (order < 0) low = middle + 1;
    else if (order > 0) high = middle - 1;
    else return middle < buckets.length - 1 ? middle : middle - 1;
  }
  return low > 0 && low < buckets.length ? low - 1 : -1;
}

/** Bucket of a number among buckets of equal width, by arithmetic. */
function evenBucket(min: number, max: number, count: number, value: number): number {
  if (!(value >= min && value <= max)) return -1;
  return Math.min(Math.trunc(((value - min) / (max - min)) * count) || 0, count - 1);
}

defineRddAction<Params, number[]>({
  name: "rdd.histogram",
  run(source, { buckets, even }) {
    const count = buckets.length - 1;
    const counts = new Array<number>(count).fill(0);
    const [min, max] = [buckets[0] as number, buckets[count] as number];
    source.push((value: unknown) => {
      if (value === null || value === undefined) return true;
      const at = even ? evenBucket(min, max, count, value as number) : search(buckets, value);
      if (at >= 0) counts[at]++;
      return true;
    });
    return counts;
  },
});

async function countInto<S>(rdd: RDD<S>, params: Params): Promise<number[]> {
  const counts = new Array<number>(params.buckets.length - 1).fill(0);
  for (const part of await rdd.runAction<number[]>("rdd.histogram", params)) part.forEach((n, i) => (counts[i] += n));
  return counts;
}

/**
 * Counts by bucket: of `buckets` equal ones between minimum and maximum when it is a number, else of the given ascending bounds.
 */
export async function histogram<S>(
  rdd: RDD<S>,
  buckets: number | readonly S[],
  evenBuckets: boolean,
): Promise<[S[], number[]]> {
  if (typeof buckets !== "number") {
    if (buckets.length < 2) {
      throw new IllegalArgumentException(
        `buckets array must have at least two elements; got ${buckets.length}. Give the lower end of the first and the upper end of the last bucket.`,
      );
    }
    return [[...buckets], await countInto(rdd, { buckets, even: evenBuckets })];
  }
  if (!Number.isInteger(buckets) || buckets < 1) {
    throw new IllegalArgumentException(`number of buckets must be a positive integer; got ${buckets}.`);
  }
  const { min, max } = await extremes(rdd);
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    throw new SparkUnsupportedOperationException(
      "Histogram on either an empty RDD or RDD containing +/-infinity or NaN; filter them out first.",
      { condition: "_LEGACY_ERROR_TEMP_3005" },
    );
  }
  const span = max - min;
  const bounds =
    min === max ? [min, min] : [...Array.from({ length: buckets }, (_, i) => min + (i * span) / buckets), max];
  return [bounds as S[], await countInto(rdd, { buckets: bounds, even: true })];
}

async function extremes<S>(rdd: RDD<S>): Promise<{ min: number; max: number }> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const state of await rdd.runAction<StatCounterState>("rdd.stats")) {
    // Math.min and Math.max keep a NaN.
    min = Math.min(min, state.min);
    max = Math.max(max, state.max);
  }
  return { min, max };
}
