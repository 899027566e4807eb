import { describe, expect, it } from "vitest";
import { StatCounter } from "../../../src/index.js";
import { testContext } from "../test-context.js";

const sc = testContext();
const add = (a: number, b: number): number => a + b;

describe("the course's worked examples", () => {
  it.each([
    [1, 26],
    [2, 18],
    [3, 18],
    [4, 26],
  ])("reduce((x, y) => x * 2 + y) over [1, 2, 3, 4] in %i partitions", async (partitions, wanted) => {
    expect(await sc.parallelize([1, 2, 3, 4], partitions).reduce((x, y) => x * 2 + y)).toBe(wanted);
  });
  it("fold uses its zero once a partition and once on the driver", async () => {
    expect(await sc.parallelize([2, 3, 4], 4).fold(1, add)).toBe(14);
  });
  it("aggregate sums and counts", async () => {
    const sumAndCount = await sc.parallelize([1, 2, 3, 4], 2).aggregate<[number, number]>(
      [0, 0],
      ([sum, count], x) => [sum + x, count + 1],
      (a, b) => [a[0] + b[0], a[1] + b[1]],
    );
    expect(sumAndCount).toEqual([10, 4]);
  });
});

describe("trees", () => {
  const numbers = Array.from({ length: 100 }, (_, i) => i);
  it.each([1, 2, 3, 5])("of depth %i give what a flat reduction gives", async (depth) => {
    const rdd = sc.parallelize(numbers, 40);
    expect(await rdd.treeReduce(add, depth)).toBe(4950);
    expect(await rdd.treeAggregate(0, add, add, depth)).toBe(4950);
  });
  it("leave their zero value alone", async () => {
    const zero: number[] = [];
    const all = await sc.parallelize(numbers, 10).treeAggregate(
      zero,
      (seen, x) => {
        seen.push(x);
        return seen;
      },
      (a, b) => a.concat(b),
    );
    expect(all.sort((a, b) => a - b)).toEqual(numbers);
    expect(zero).toEqual([]);
  });
  it("skip empty partitions and refuse an empty RDD", async () => {
    expect(await sc.parallelize([7], 9).treeReduce(add)).toBe(7);
    await expect(sc.parallelize<number>([], 3).treeReduce(add)).rejects.toMatchObject({
      name: "SparkUnsupportedOperationException",
      condition: "_LEGACY_ERROR_TEMP_3014",
    });
  });
});

describe("StatCounter", () => {
  it("merges parts of very different sizes", () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 100);
    const whole = new StatCounter(values);
    const parts = [0, 3, 40, 999, 1000].map((start, i, all) => new StatCounter(values.slice(start, all[i + 1])));
    const merged = parts.reduce((a, b) => a.mergeStats(b), new StatCounter());
    expect(merged.count()).toBe(1000);
    expect(merged.mean()).toBeCloseTo(whole.mean(), 10);
    expect(merged.sampleVariance()).toBeCloseTo(whole.sampleVariance(), 8);
    expect([merged.min(), merged.max()]).toEqual([whole.min(), whole.max()]);
  });
  it("merges itself", () => {
    const counter = new StatCounter([1, 2, 3]);
    expect(counter.mergeStats(counter).count()).toBe(6);
    expect(counter.mean()).toBe(2);
  });
});

describe("histogram", () => {
  it("counts any ordered values between given bounds", async () => {
    const rdd = sc.parallelize(["ab", "ac", "b", "bd", "ef"], 2);
    expect(await rdd.histogram(["a", "b", "c"])).toEqual([
      ["a", "b", "c"],
      [2, 2],
    ]);
  });
  it("refuses infinite values and no buckets", async () => {
    await expect(sc.parallelize([1, Infinity], 1).histogram(2)).rejects.toMatchObject({
      condition: "_LEGACY_ERROR_TEMP_3005",
    });
    await expect(sc.parallelize([1, 2], 1).histogram(0)).rejects.toThrow(/positive integer/);
  });
});
