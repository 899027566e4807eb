import { describe, expect, it } from "vitest";
import { DenseVector, DenseMatrix, lu } from "../../../src/linalg/index.js";
import { weightedLeastSquares, type WeightedLeastSquaresOptions } from "../../../src/ml/optim/index.js";
import { momentSums } from "./golden-problem.js";

const rows = [
  [1, 20.1],
  [2, 19.4],
  [3.5, 21],
  [5, 18.2],
  [4, 22.7],
  [0.5, 20],
];
const labels = [3, 1.5, 4, -2, 5, 2.5];
const weights = [1, 0.5, 2, 1, 1.5, 0.7];
const plain: WeightedLeastSquaresOptions = {
  fitIntercept: true,
  regParam: 0,
  elasticNetParam: 0,
  standardizeFeatures: true,
  standardizeLabel: true,
};

/** Coefficients, intercept last, of (A' W A + diag(ridge)) x = A' W b, and the diagonal of the inverse. */
function direct(ridge: number[], intercept: boolean) {
  const full = rows.map((row) => (intercept ? [...row, 1] : row));
  const n = full[0].length;
  const A = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (__, j) =>
      full.reduce((sum, row, r) => sum + weights[r] * row[i] * row[j], i === j ? (ridge[i] ?? 0) : 0),
    ),
  );
  const b = Float64Array.from({ length: n }, (_, i) =>
    full.reduce((sum, row, r) => sum + weights[r] * row[i] * labels[r], 0),
  );
  return { x: lu.solve(A, b), diagonal: lu.invert(A).map((row, i) => row[i]) };
}
const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(actual[i] / expected[i]).toBeCloseTo(1, 9);
};

describe.each([
  ["about zero", undefined],
  ["about the first row", [...rows[0], labels[0]]],
])("moments %s", (_, shift) => {
  const sums = momentSums({ rows, labels, weights }, shift);
  it("solve the normal equations", async () => {
    const { x, diagonal } = direct([], true);
    const fit = await weightedLeastSquares(sums, plain);
    expectClose([...fit.coefficients, fit.intercept], x);
    expectClose(fit.diagInvAtWA, diagonal);
    expect(fit.objectiveHistory).toEqual([0]);
  });
  it("solve them without an intercept", async () => {
    const { x, diagonal } = direct([], false);
    const fit = await weightedLeastSquares(sums, { ...plain, fitIntercept: false });
    expectClose(fit.coefficients, x);
    expect(fit.intercept).toBe(0);
    expectClose(fit.diagInvAtWA, diagonal);
  });
  it("solve ridge regression on the columns as they are", async () => {
    const ridge = 0.3 * sums.w;
    const { x } = direct([ridge, ridge], true);
    const options = { ...plain, regParam: 0.3, standardizeFeatures: false, standardizeLabel: false };
    const fit = await weightedLeastSquares(sums, options);
    expectClose([...fit.coefficients, fit.intercept], x);
  });
});

it("falls back to iterating where columns depend on each other", async () => {
  const twins = rows.map(([a]) => [a, 2 * a]);
  const sums = momentSums({ rows: twins, labels });
  const { coefficients, diagInvAtWA, objectiveHistory } = await weightedLeastSquares(sums, plain);
  const one = await weightedLeastSquares(momentSums({ rows: rows.map(([a]) => [a]), labels }), plain);
  expect(coefficients[0] + 2 * coefficients[1]).toBeCloseTo(one.coefficients[0], 5);
  expect(Array.from(diagInvAtWA)).toEqual([0]);
  expect(objectiveHistory.length).toBeGreaterThan(1);
  await expect(weightedLeastSquares(sums, { ...plain, solver: "cholesky" })).rejects.toThrow("not positive definite");
});

it("keeps the digits of a column far from zero", async () => {
  const far = rows.map(([a, b]) => [a + 1e9, b]);
  const near = await weightedLeastSquares(momentSums({ rows, labels }), plain);
  const fit = await weightedLeastSquares(momentSums({ rows: far, labels }, [...far[0], labels[0]]), plain);
  expectClose(fit.coefficients, near.coefficients);
});

describe("a constant label", () => {
  const constant = momentSums({ rows, labels: labels.map(() => 0.1) }, [...rows[0], 0.1]);
  it("is the intercept", async () => {
    const { coefficients, intercept } = await weightedLeastSquares(constant, plain);
    expect([...coefficients, intercept]).toEqual([0, 0, 0.1]);
  });
  it("cannot be regularised without an intercept", async () => {
    const options = { ...plain, fitIntercept: false, regParam: 0.1 };
    await expect(weightedLeastSquares(constant, options)).rejects.toThrow("Model cannot be regularized");
    const { coefficients } = await weightedLeastSquares(constant, { ...options, regParam: 0 });
    const predicted = new DenseMatrix(6, 2, Float64Array.from(rows.flat()), true).multiply(
      new DenseVector(coefficients),
    );
    for (const value of predicted) expect(Math.abs(value - 0.1)).toBeLessThan(0.1);
  });
});

it("wants rows with weight", async () => {
  await expect(weightedLeastSquares({ ...momentSums({ rows, labels }), count: 0 }, plain)).rejects.toThrow("empty");
  const none = momentSums({ rows, labels, weights: rows.map(() => 0) });
  await expect(weightedLeastSquares(none, plain)).rejects.toThrow("Sum of weights cannot be zero");
});
