import { describe, expect, it } from "vitest";
import { takeSample } from "../../../src/ml/clustering/take-sample.js";

/** Sizes of the slices of `parallelize(range(n), parts)`. */
const slices = (n: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, i) => Math.floor(((i + 1) * n) / parts) - Math.floor((i * n) / parts));

// Recorded from Spark 4.3.0: n, count, partitions, seed, sc.parallelize(range(n), partitions).takeSample(False, count, seed).
const recorded: [number, number, number, number, number[]][] = [
  [100, 10, 1, 1, [62, 10, 88, 87, 52, 6, 51, 59, 92, 73]],
  [100, 10, 3, 1, [72, 56, 93, 34, 5, 67, 31, 18, 29, 25]],
  [10, 20, 2, 1, [6, 9, 7, 8, 4, 2, 0, 3, 1, 5]],
  [1000, 1, 3, 1, [44]],
  [100, 10, 1, 7, [62, 37, 5, 94, 47, 17, 96, 24, 75, 78]],
  [100, 10, 3, 7, [23, 8, 66, 80, 77, 33, 49, 52, 14, 21]],
  [10, 20, 2, 7, [0, 1, 9, 3, 7, 4, 8, 5, 2, 6]],
  [1000, 1, 3, 7, [323]],
];

describe("takeSample", () => {
  it.each(recorded)(
    "of %i rows takes the %i that Spark takes (%i partitions, seed %i)",
    (n, count, parts, seed, rows) => {
      expect(takeSample(slices(n, parts), count, seed)).toEqual(rows);
    },
  );

  it("draws for every row where the fraction is large", () => {
    const rows = takeSample(slices(100, 2), 60, 1);
    expect(rows.slice(0, 12)).toEqual([30, 46, 8, 22, 1, 5, 67, 7, 25, 11, 4, 47]);
    expect(new Set(rows).size).toBe(60);
  });

  it("takes nothing of nothing", () => {
    expect(takeSample([], 3, 1)).toEqual([]);
    expect(takeSample([0, 0], 3, 1)).toEqual([]);
  });
});
