import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { leftSingularVectors } from "../../../src/ml/feature/left-singular-vectors.js";

interface Golden {
  readonly cases: readonly { readonly n: number; readonly a: number[]; readonly s: number[]; readonly u: number[] }[];
}
const file = new URL("left-singular-vectors.golden.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as Golden;

describe("left singular vectors", () => {
  test.each(cases.filter(({ n }) => n <= 25))("equal LAPACK's to the last bit for $n columns", ({ n, a, s, u }) => {
    const { vectors, values } = leftSingularVectors(Float64Array.from(a), n);
    expect([...values]).toEqual(s);
    expect([...vectors]).toEqual(u);
  });

  test.each(cases.filter(({ n }) => n > 25))("have LAPACK's signs for $n columns", ({ n, a, u }) => {
    const { vectors } = leftSingularVectors(Float64Array.from(a), n);
    expect(Math.max(...u.map((value, k) => Math.abs(value - vectors[k])))).toBeLessThan(1e-12);
  });

  test("rebuild a larger symmetric matrix", () => {
    const n = 40;
    const a = Float64Array.from({ length: n * n }, (_, k) => 1 / (1 + (k % n) + Math.floor(k / n)));
    const { vectors, values } = leftSingularVectors(a.slice(), n);
    for (const [i, j] of [
      [0, 0],
      [3, 17],
      [39, 38],
    ]) {
      let sum = 0;
      for (let c = 0; c < n; c++) sum += vectors[c * n + i] * values[c] * vectors[c * n + j];
      expect(sum).toBeCloseTo(a[j * n + i], 12);
    }
  });

  test("of NaN are NaN", () => {
    expect([...leftSingularVectors(new Float64Array([1, Number.NaN, Number.NaN, 1]), 2).values]).toEqual([NaN, NaN]);
  });
});
