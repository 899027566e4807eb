import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeSketches, QuantileSummaries, querySketch } from "../../src/common/index.js";

const sketchOf = (values: readonly number[], error: number) => {
  const summaries = new QuantileSummaries(error);
  for (const value of values) summaries.insert(value);
  return summaries.finish();
};

describe("QuantileSummaries", () => {
  test("has no answer without data", () => expect(querySketch(sketchOf([], 0.1), [0.5])).toBeUndefined());

  test("is exact without error", () => {
    const values = Array.from({ length: 101 }, (_, i) => (i * 37) % 101);
    expect(querySketch(sketchOf(values, 0), [0, 0.25, 0.5, 1])).toEqual([0, 25, 50, 100]);
  });

  test("stays within its error on 200,000 values in three parts, in little memory", () => {
    const error = 0.01;
    const n = 200_000;
    const values = Array.from({ length: n }, (_, i) => (i * 7919) % n);
    const parts = [0, 1, 2].map((k) =>
      sketchOf(
        values.filter((_, i) => i % 3 === k),
        error,
      ),
    );
    const merged = parts.reduce(mergeSketches);
    expect(merged.count).toBe(n);
    expect(merged.values.length).toBeLessThan(1_000);
    const fractions = [0.01, 0.1, 0.5, 0.9, 0.99];
    querySketch(merged, fractions)!.forEach((value, i) =>
      expect(Math.abs(value - fractions[i] * n)).toBeLessThanOrEqual(error * n + 1),
    );
  });

  test("keeps the ranks of any data within the error", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const sorted = [...values].sort((a, b) => a - b);
          const [answer] = querySketch(sketchOf(values, 0.1), [q])!;
          const first = sorted.findIndex((v) => v >= answer);
          const last = sorted.findLastIndex((v) => v <= answer);
          const slack = 0.1 * values.length + 1;
          expect(first).toBeLessThanOrEqual(q * values.length + slack);
          expect(last).toBeGreaterThanOrEqual(q * values.length - slack - 1);
        },
      ),
    );
  });
});
