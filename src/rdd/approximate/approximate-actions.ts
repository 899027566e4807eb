import { IllegalArgumentException } from "../../common/index.js";
import { defineRddAction } from "../action.js";
import { javaString } from "../files/java-string.js";
import { StatCounter, type StatCounterState } from "../numeric/stat-counter.js";
import type { RDD } from "../rdd.js";
import type { BoundedDouble } from "./bounded-double.js";
import type { Progress } from "./evaluators.js";
import { HyperLogLogPlus } from "./hyper-log-log-plus.js";
import { streamHash64 } from "./stream-hash.js";

/** About how many distinct elements there are. */
export async function countApproxDistinct<T>(rdd: RDD<T>, relativeSD: number): Promise<number> {
  const precision = HyperLogLogPlus.precisionOf(relativeSD);
  const total = new HyperLogLogPlus(precision);
  await rdd.runAction<Uint8Array>("rdd.distinctSketch", precision, {
    onResult: (_, registers) => void total.merge(registers),
  });
  return total.cardinality();
}

defineRddAction<number, Uint8Array>({
  name: "rdd.distinctSketch",
  run(source, precision) {
    const sketch = new HyperLogLogPlus(precision);
    const offer = (high: number, low: number): void => sketch.offer(high, low);
    source.push((element: unknown) => {
      const isNull = element === null || element === undefined;
      streamHash64(isNull ? null : element instanceof Uint8Array ? element : javaString(element), offer);
      return true;
    });
    return sketch.registers;
  },
});

defineRddAction<undefined, StatCounterState>({
  name: "rdd.partitionCount",
  run(source) {
    let count = 0;
    source.push(() => {
      count++;
      return true;
    });
    return new StatCounter([count]).state;
  },
});

/**
 * Runs an action that gives statistics and waits `timeout` milliseconds at most; the estimate is made of the partitions done by
 * then. The job goes on, as Spark's does; a failure before the timeout is thrown.
 */
export async function approximate<T>(
  rdd: RDD<T>,
  action: "rdd.stats" | "rdd.partitionCount",
  timeout: number,
  confidence: number,
  estimate: (progress: Progress, confidence: number) => BoundedDouble,
): Promise<BoundedDouble> {
  if (!(confidence >= 0 && confidence <= 1)) {
    throw new IllegalArgumentException(`requirement failed: confidence (${confidence}) must be in [0,1]`);
  }
  const totalPartitions = await rdd.getNumPartitions();
  const states = new Map<number, StatCounterState>();
  const job = rdd.runAction<StatCounterState>(action, undefined, {
    description: "approximate",
    onResult: (partition, state) => void states.set(partition, state),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeout)));
  try {
    await Promise.race([job, late]);
  } finally {
    clearTimeout(timer);
    // A failure after the timeout has nobody left who asked for the result.
    job.catch(() => undefined);
  }
  const seen = new StatCounter();
  for (const partition of [...states.keys()].sort((a, b) => a - b)) {
    seen.mergeStats(StatCounter.fromState(states.get(partition)!));
  }
  return estimate({ seen, partitions: states.size, totalPartitions }, confidence);
}
