import { describe, expect, test } from "vitest";
import { AccumulatorV2, DenseVector } from "../../../src/index.js";
import { testContext } from "../../rdd/test-context.js";

const sc = testContext();

describe("accumulators", () => {
  test("long: sum, count, mean", async () => {
    const acc = sc.longAccumulator("n");
    await sc.parallelize([1, 2, 3, 4], 2).foreach((x) => acc.add(x));
    expect([acc.value, acc.count, acc.sum, acc.avg, acc.isZero(), acc.name]).toEqual([10, 4, 10, 2.5, false, "n"]);
    acc.add(2 ** 53 - 1);
    expect(acc.value).toBe(2n ** 53n + 9n);
    acc.reset();
    expect(acc.isZero()).toBe(true);
  });

  test("double and collection", async () => {
    const total = sc.doubleAccumulator();
    const items = sc.collectionAccumulator<string>();
    expect([sc.doubleAccumulator().avg, total.isZero()]).toEqual([Number.NaN, true]);
    await sc.parallelize([0.5, 1.5], 2).foreach((x) => {
      total.add(x);
      items.add(`x${x}`);
    });
    expect([total.value, total.avg]).toEqual([2, 1]);
    expect([...items.value].sort()).toEqual(["x0.5", "x1.5"]);
  });

  test("one's own class", async () => {
    class SumAndMax extends AccumulatorV2<number, readonly [number, number]> {
      sum = 0;
      max = Number.NEGATIVE_INFINITY;
      isZero(): boolean {
        return this.sum === 0;
      }
      copy(): SumAndMax {
        const copy = new SumAndMax();
        copy.merge(this);
        return copy;
      }
      reset(): void {
        this.sum = 0;
        this.max = Number.NEGATIVE_INFINITY;
      }
      add(value: number): void {
        this.sum += value;
        this.max = Math.max(this.max, value);
      }
      merge(other: SumAndMax): void {
        this.sum += other.sum;
        this.max = Math.max(this.max, other.max);
      }
      get value(): readonly [number, number] {
        return [this.sum, this.max];
      }
    }
    const acc = new SumAndMax();
    expect(() => sc.parallelize([1]).map((x) => acc.add(x))).toThrow(/must be registered/);
    sc.register(acc);
    await sc.parallelize([3, 9, 4], 2).foreach((x) => acc.add(x));
    expect(acc.value).toEqual([16, 9]);
  });

  test("with a param of one's own", async () => {
    const sum = sc.accumulator(5);
    const vector = sc.accumulator([0, 0], { zero: () => [0, 0], addInPlace: (a, b) => [a[0] + b[0], a[1] + b[1]] });
    await sc.parallelize([1, 2, 3], 2).foreach((x) => {
      sum.add(x);
      vector.add([x, 1]);
    });
    expect(sum.value).toBe(11);
    expect(vector.value).toEqual([6, 3]);
    await expect(sc.parallelize([1], 1).foreach(() => sum.value)).rejects.toMatchObject({
      condition: "VALUE_NOT_ACCESSIBLE",
    });
  });

  test("nothing of a lazy map, a failed task or a skipped element counts", async () => {
    const acc = sc.longAccumulator();
    const mapped = sc.range(0, 5, 1, 2).map((x) => {
      acc.add(1);
      return x;
    });
    expect(acc.value).toBe(0);
    await mapped.count();
    expect(acc.value).toBe(5);
    const failed = sc.longAccumulator();
    const failing = sc.parallelize([1, 2, 3], 1).foreach((x) => {
      failed.add(1);
      if (x === 3) throw new Error("three");
    });
    await expect(failing).rejects.toThrow("three");
    expect(failed.value).toBe(0);
  });

  test("is read while a job runs", async () => {
    const acc = sc.longAccumulator();
    const job = sc.parallelize([0, 1], 2).foreach((x) => {
      acc.add(1);
      if (x === 1) for (const end = Date.now() + 1000; Date.now() < end;);
    });
    let seen = 0;
    while (seen === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      seen = Number(acc.value);
    }
    await job;
    expect([seen >= 1, acc.value]).toEqual([true, 2]);
  });
});

describe("broadcast", () => {
  test("values, vectors and typed arrays arrive; arrays lie in shared memory", async () => {
    const value = {
      names: new Map([["a", 1]]),
      weights: Float64Array.from({ length: 1000 }, (_, i) => i),
      v: new DenseVector(Float64Array.of(1, 2)),
    };
    const broadcast = sc.broadcast(value);
    const found = await sc
      .parallelize([0, 1], 2)
      .map(() => {
        const { names, weights, v } = broadcast.value;
        return [names.get("a"), weights[999], v.values[1], weights.buffer instanceof SharedArrayBuffer];
      })
      .collect();
    expect(found).toEqual([
      [1, 999, 2, true],
      [1, 999, 2, true],
    ]);
    expect(broadcast.value).toBe(value);
  });

  test("is decoded once a worker, and again after unpersist", async () => {
    const broadcast = sc.broadcast({ seen: [] as number[] });
    const mark = () =>
      sc
        .parallelize(
          Array.from({ length: 8 }, (_, i) => i),
          8,
        )
        .map((x) => broadcast.value.seen.push(x))
        .collect();
    expect(Math.max(...(await mark()))).toBeGreaterThanOrEqual(4);
    broadcast.unpersist();
    expect(Math.min(...(await mark()))).toBe(1);
  });

  test("cannot be used once it is destroyed, nor hold what cannot travel", () => {
    const broadcast = sc.broadcast([1]);
    broadcast.destroy();
    const gone = expect.objectContaining({ condition: "INTERNAL_ERROR_BROADCAST" });
    expect(() => broadcast.value).toThrow(gone);
    expect(() => sc.parallelize([1]).map(() => broadcast.value)).toThrow(gone);
    expect(() => sc.broadcast({ a: { f: () => 1 } })).toThrow(/the value\.a\.f is a function/);
  });
});
