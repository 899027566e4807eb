import { AccumulatorV2, type SparkContext } from "../../../src/index.js";
import { type ProgramTable, range, value } from "./program.js";

/** Sum and greatest of what is added. */
class SumAndMax extends AccumulatorV2<number, [number, number]> {
  sum = 0;
  max = 0;

  isZero(): boolean {
    return this.sum === 0 && this.max === 0;
  }
  copy(): SumAndMax {
    const copy = new SumAndMax();
    copy.merge(this);
    return copy;
  }
  reset(): void {
    this.sum = 0;
    this.max = 0;
  }
  add(added: number): void {
    this.sum += added;
    this.max = Math.max(this.max, added);
  }
  merge(other: AccumulatorV2<number, [number, number]>): void {
    const { sum, max } = other as SumAndMax;
    this.sum += sum;
    this.max = Math.max(this.max, max);
  }
  get value(): [number, number] {
    return [this.sum, this.max];
  }
}

/** Values of an accumulator that a map adds to: before any job, and after each of two. */
async function inMap(sc: SparkContext): Promise<number[]> {
  const calls = sc.longAccumulator();
  const rdd = sc.parallelize(range(0, 5), 2).map((x) => {
    calls.add(1);
    return x;
  });
  const values = [Number(calls.value)];
  for (let i = 0; i < 2; i++) {
    await rdd.count();
    values.push(Number(calls.value));
  }
  return values;
}

/** Accumulators. */
export const accumulatorPrograms: ProgramTable = {
  "accumulator-179": value(async ({ sc }) => {
    const acc = sc.longAccumulator("n");
    await sc.parallelize([1, 2, 3, 4], 2).foreach((x) => acc.add(x));
    return [acc.value, acc.count, acc.sum, acc.avg, acc.isZero(), acc.name];
  }),
  "accumulator-180": value(async ({ sc }) => {
    const acc = sc.doubleAccumulator();
    await sc.parallelize([0.5, 1.5], 2).foreach((x) => acc.add(x));
    const empty = sc.doubleAccumulator();
    return [acc.value, acc.avg, empty.value, empty.avg, empty.isZero()];
  }),
  "accumulator-181": value(async ({ sc }) => {
    const acc = sc.collectionAccumulator<string>();
    await sc.parallelize(["a", "b"], 2).foreach((x) => acc.add(x));
    return [...acc.value].sort();
  }),
  "accumulator-182": value(async ({ sc }) => {
    const acc = new SumAndMax();
    sc.register(acc);
    await sc.parallelize([3, 9, 4], 2).foreach((x) => acc.add(x));
    return acc.value;
  }),
  "accumulator-183": value(({ sc }) => inMap(sc)),
  "accumulator-184": value(async ({ sc }) => {
    const acc = sc.longAccumulator();
    const failing = sc.parallelize([1, 2, 3], 1).foreach((x) => {
      acc.add(1);
      if (x === 3) throw new Error("three");
    });
    await failing.catch((error: Error) => {
      if (!error.message.includes("three")) throw error;
    });
    return acc.value;
  }),
  "accumulator-185": value(async ({ sc }) => {
    const acc = sc.longAccumulator();
    await sc
      .parallelize(range(0, 8), 4)
      .map((x) => {
        acc.add(1);
        return x;
      })
      .take(1);
    return acc.value;
  }),
};

/** Broadcasts, and what must not be one. */
export const broadcastPrograms: ProgramTable = {
  "broadcast-187": value(({ sc }) => {
    const b = sc.broadcast<Record<string, number>>({ a: 1 });
    return sc
      .parallelize(["a", "b"], 2)
      .map((key) => b.value[key] ?? -1)
      .collect();
  }),
  "broadcast-188": value(async ({ sc }) => {
    const b = sc.broadcast([1, 2]);
    const rdd = sc.parallelize([0, 1], 2).map((i) => b.value[i]);
    await rdd.collect();
    b.unpersist(true);
    await rdd.collect();
    b.destroy(true);
    return b.value;
  }),
  "broadcast-189": value(({ sc }) => sc.broadcast(sc.parallelize([1]))),
  "broadcast-190": value(({ sc }) => {
    const inner = sc.parallelize([1, 2]);
    return sc
      .parallelize([1, 2], 2)
      .map(async (x) => x * (await inner.count()))
      .collect();
  }),
};

/** Properties of jobs. */
export const jobPrograms: ProgramTable = {
  "job-192": value(({ sc }) => {
    sc.setJobGroup("group", "a job of a group");
    sc.setLocalProperty("k", "v");
    const set = sc.getLocalProperty("k");
    sc.setLocalProperty("k", null);
    const unset = sc.getLocalProperty("k");
    sc.clearJobGroup();
    return [set, unset];
  }),
};
