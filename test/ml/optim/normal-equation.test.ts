import { describe, expect, it } from "vitest";
import { NormalEquation, nonNegativeLeastSquares } from "../../../src/ml/optim/index.js";

const observations: [number[], number][] = [
  [[1, 0.5, -1], 2],
  [[0, 1, 2], -1],
  [[3, -1, 0.5], 1],
  [[1, 1, 1], 0.5],
];
const filled = (): NormalEquation => {
  const equation = new NormalEquation(3);
  for (const [a, b] of observations) equation.add(Float64Array.from(a), b);
  return equation;
};
/** Gradient of half the squared error plus ridge at x. */
const gradient = (x: ArrayLike<number>, lambda: number): number[] =>
  [0, 1, 2].map((j) =>
    observations.reduce((sum, [a, b]) => sum + a[j] * (a.reduce((dot, v, i) => dot + v * x[i], 0) - b), lambda * x[j]),
  );

describe("NormalEquation", () => {
  it("solves ridge regression and starts afresh", () => {
    const equation = filled();
    gradient(equation.solve(0.1), 0.1).forEach((g) => expect(Math.abs(g)).toBeLessThan(1e-5));
    expect(equation.ata.every((v) => v === 0)).toBe(true);
  });
  it("merges", () => {
    const [left, right] = [new NormalEquation(3), new NormalEquation(3)];
    observations.forEach(([a, b], i) => (i % 2 ? left : right).add(Float64Array.from(a), b));
    left.merge(right);
    const expected = filled().solve(0.5);
    left.solve(0.5).forEach((v, i) => expect(v).toBeCloseTo(expected[i], 6));
  });
  it("satisfies the optimality conditions of the non-negative solution", () => {
    const x = filled().solveNonNegative(0.1);
    const g = gradient(x, 0.1);
    expect(Math.min(...x)).toBe(0);
    x.forEach((v, j) => (v > 0 ? expect(Math.abs(g[j])).toBeLessThan(1e-5) : expect(g[j]).toBeGreaterThan(-1e-6)));
  });
});

it("finds zero when every component is pushed below it", () => {
  expect(Array.from(nonNegativeLeastSquares(Float64Array.of(2, 0, 0, 2), Float64Array.of(-1, -3)))).toEqual([0, 0]);
});
