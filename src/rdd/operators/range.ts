import { IllegalArgumentException } from "../../common/index.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { SparkContext } from "../spark-context.js";

interface RangeSplit {
  readonly first: number;
  readonly count: number;
}

/** Numbers from `start` up to `end` (not included) in steps, in `numSlices` partitions. */
export function range(context: SparkContext, start: number, end: number, step: number, numSlices: number): RDD<number> {
  if (step === 0) throw new IllegalArgumentException("requirement failed: step cannot be 0");
  for (const [name, value] of Object.entries({ start, end, step })) {
    if (Number.isSafeInteger(value)) continue;
    throw new IllegalArgumentException(`${name} must be an integer below 2^53 in magnitude; got ${value}.`);
  }
  if (!Number.isInteger(numSlices) || numSlices < 1) {
    throw new IllegalArgumentException(`Positive number of partitions required; got ${numSlices}.`);
  }
  const total = Math.max(0, Math.ceil((end - start) / step));
  const from = (slice: number): number => Number((BigInt(slice) * BigInt(total)) / BigInt(numSlices));
  const splits = Array.from({ length: numSlices }, (_, i): RangeSplit => ({
    first: start + from(i) * step,
    count: from(i + 1) - from(i),
  }));
  return context.rdd<number>({
    className: "MapPartitionsRDD",
    operator: "rdd.range",
    params: step,
    plan: () => ({ dependencies: [], splits }),
  });
}

defineRddOperator<number, RangeSplit>({
  name: "rdd.range",
  count: ({ split }) => split.count,
  *iterate({ params: step, split: { first, count } }) {
    for (let i = 0; i < count; i++) yield first + i * step;
  },
  push({ params: step, split: { first, count }, task }, sink) {
    for (let done = 0; done < count;) {
      task.checkCancelled();
      const end = Math.min(count, done + 8192);
      for (; done < end; done++) if (!sink(first + done * step)) return false;
    }
    return true;
  },
});

/** An RDD without elements, of the given number of partitions. */
export const emptyRdd = <T>(context: SparkContext): RDD<T> =>
  context.rdd<T>({ className: "EmptyRDD", operator: "rdd.range", plan: () => ({ dependencies: [], splits: [] }) });
