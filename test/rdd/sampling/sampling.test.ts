import { describe, expect, it } from "vitest";
import { testContext } from "../test-context.js";

const sc = testContext();
const hundred = sc.parallelize(
  Array.from({ length: 100 }, (_, i) => i),
  3,
);

describe("samples", () => {
  it("repeat with their seed and differ without one", async () => {
    const draw = (seed?: number): Promise<number[]> => hundred.sample(false, 0.3, seed).collect();
    expect(await draw(3)).toEqual(await draw(3));
    expect(await draw()).not.toEqual(await draw());
  });
  it("compute no more elements than are taken", async () => {
    const computed = sc.longAccumulator();
    const counted = hundred.map((x) => {
      computed.add(1);
      return x;
    });
    expect(await counted.sample(false, 1, 1).take(1)).toEqual([0]);
    expect(computed.value).toBe(1);
  });
  it("splits are disjoint and complete", async () => {
    const parts = await Promise.all(hundred.randomSplit([1, 2, 3], 5).map((part) => part.collect()));
    expect(parts.flat().sort((a, b) => a - b)).toEqual(await hundred.collect());
  });
  it("by key take fractions of numbers from a plain object too", async () => {
    const kv = hundred.map((x): [number, number] => [x % 2, x]);
    const sizes = await kv.sampleByKeyExact(false, { 0: 0.5, 1: 0.2 }, 3).countByKey();
    expect([sizes.get(0), sizes.get(1)]).toEqual([25, 10]);
    const twice = await kv.sampleByKeyExact(true, new Map([[0, 2] as const, [1, 0.4] as const]), 3).countByKey();
    expect([twice.get(0), twice.get(1)]).toEqual([100, 20]);
  });
});

describe("what cannot be sampled", () => {
  it("is refused at the call", () => {
    expect(() => hundred.sample(false, -1)).toThrow(/Fraction must be nonnegative, but got -1/);
    expect(() => hundred.sample(false, 1.5)).toThrow(/must be on interval \[0, 1\]/);
    expect(() => hundred.randomSplit([1, -1])).toThrow(/Weights must be nonnegative/);
    expect(() => hundred.randomSplit([0, 0])).toThrow(/Sum of weights must be positive/);
    const kv = hundred.map((x): [number, number] => [x, x]);
    expect(() => kv.sampleByKey(false, { a: -0.1 })).toThrow(/Negative sampling rates/);
  });
});
