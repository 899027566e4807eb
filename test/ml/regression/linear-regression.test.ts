import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type DataFrame,
  LinearRegression,
  type LinearRegressionModel,
  SparkSession,
  type Vector,
  Vectors,
} from "../../../src/index.js";
import { twoSidedProbability } from "../../../src/common/index.js";
import { generator } from "../../kernels/arena.js";

let spark: SparkSession;
beforeAll(() => void (spark = SparkSession.builder.master("local[2]").create()));
afterAll(() => spark.stop());

type Row = [label: number, features: Vector, w: number];
const truth = [2, -1, 0.5, 0, 3];
/** y = 4 + truth . x + noise, with an outlier every 25 rows. */
function line(n: number): Row[] {
  const random = generator(11);
  return Array.from({ length: n }, (_, i) => {
    const x = truth.map(() => (random() < 0.3 ? 0 : 10 * random()));
    const noise = random() - 0.5 + (i % 25 === 24 ? 30 : 0);
    return [4 + noise + truth.reduce((sum, c, j) => sum + c * x[j], 0), Vectors.dense(x), Math.ceil(3 * random())];
  });
}
const frame = (rows: readonly Row[], partitions = 1): DataFrame =>
  spark.createDataFrame(rows as unknown as unknown[][], "label double, features vector, w double", partitions);
const close = (a: LinearRegressionModel, b: LinearRegressionModel, digits = 7): void => {
  a.coefficients.toArray().forEach((v, i) => expect(v).toBeCloseTo(b.coefficients.get(i), digits));
  expect(a.intercept).toBeCloseTo(b.intercept, digits);
  expect(a.scale).toBeCloseTo(b.scale, digits);
};

const rows = line(300);
describe.each([
  ["normal equations", { solver: "normal", regParam: 0.01 }],
  ["normal equations with elastic net", { solver: "normal", regParam: 0.1, elasticNetParam: 0.5, tol: 1e-12 }],
  ["L-BFGS", { solver: "l-bfgs", regParam: 0.01, tol: 1e-12 }],
  ["OWL-QN", { solver: "l-bfgs", regParam: 0.1, elasticNetParam: 0.5, tol: 1e-12 }],
  ["huber loss", { loss: "huber", tol: 1e-12 }],
])("%s", (name, params) => {
  const digits = name === "huber loss" ? 4 : 6;
  it.each([3, 7])("give the same model over %i partitions", async (partitions) => {
    const fit = (df: DataFrame) => new LinearRegression({ ...params, weightCol: "w" }).fit(df);
    close(await fit(frame(rows, partitions)), await fit(frame(rows)), digits);
  });
  it("give the same model for sparse and for cached rows", async () => {
    const plain = await new LinearRegression(params).fit(frame(rows));
    const sparse = rows.map(([label, x, w]): Row => [label, x.toSparse(), w]);
    close(await new LinearRegression(params).fit(frame(sparse, 2)), plain, digits);
    const cached = frame(rows, 2).cache();
    for (let i = 0; i < 2; i++) close(await new LinearRegression(params).fit(cached), plain, digits);
    await cached.unpersist();
  });
});

it("solves the same problem by both solvers", async () => {
  const fit = (solver: string) =>
    new LinearRegression({ solver, regParam: 0.3, tol: 1e-13, weightCol: "w" }).fit(frame(rows));
  const [normal, iterative] = [await fit("normal"), await fit("l-bfgs")];
  // Deviations are biased in one and unbiased in the other, as in Spark.
  close(normal, iterative, 2);
});

it("shrugs off outliers with huber loss", async () => {
  const huber = await new LinearRegression({ loss: "huber" }).fit(frame(rows));
  const squared = await new LinearRegression().fit(frame(rows));
  const error = (m: LinearRegressionModel): number =>
    Math.hypot(...truth.map((c, j) => m.coefficients.get(j) - c), m.intercept - 4);
  expect(error(huber)).toBeLessThan(0.3);
  expect(error(huber)).toBeLessThan(error(squared) / 3);
  expect(huber.scale).not.toBe(1);
});

it("gives constant columns no coefficient and the mean of a constant label", async () => {
  const withConstant = rows.map(([label, x, w]): Row => [label, Vectors.dense([...x.toArray(), 0.1]), w]);
  for (const solver of ["normal", "l-bfgs"]) {
    const model = await new LinearRegression({ solver, tol: 1e-12 }).fit(frame(withConstant));
    expect(model.coefficients.get(5)).toBe(0);
    truth.forEach((c, j) => expect(Math.abs(model.coefficients.get(j) - c)).toBeLessThan(0.5));
    const constant = rows.map(([, x, w]): Row => [0.1, x, w]);
    const flat = await new LinearRegression({ solver, weightCol: "w" }).fit(frame(constant));
    expect([flat.intercept, flat.coefficients.numNonzeros()]).toEqual([0.1, 0]);
  }
});

describe("summaries", () => {
  it("agree with what the predictions say", async () => {
    const model = await new LinearRegression({ weightCol: "w" }).fit(frame(rows, 3));
    const { summary } = model;
    const predicted = await summary.predictions.collect();
    const residuals = predicted.map((row) => (row.get("label") as number) - (row.get("prediction") as number));
    const total = rows.reduce((sum, [, , w]) => sum + w, 0);
    const mse = residuals.reduce((sum, r, i) => sum + rows[i][2] * r * r, 0) / total;
    expect(await summary.meanSquaredError).toBeCloseTo(mse, 9);
    expect(await summary.rootMeanSquaredError).toBeCloseTo(Math.sqrt(mse), 9);
    const weighted = residuals.map((r, i) => r * Math.sqrt(rows[i][2]));
    const [least, most] = await summary.devianceResiduals;
    expect(least).toBeCloseTo(Math.min(...weighted), 9);
    expect(most).toBeCloseTo(Math.max(...weighted), 9);
    expect(await summary.numInstances).toBe(300);
    expect(await summary.degreesOfFreedom).toBe(294);
    expect((await summary.residuals.collect()).map((row) => row.get("residuals"))).toHaveLength(300);
    const [errors, t, p] = [await summary.coefficientStandardErrors, await summary.tValues, await summary.pValues];
    expect([errors.length, t.length, p.length]).toEqual([6, 6, 6]);
    expect(t[5]).toBeCloseTo(model.intercept / errors[5], 9);
    expect(summary.totalIterations).toBe(0);
  });
  it("have no standard errors where the equations were not solved directly", async () => {
    const { summary } = await new LinearRegression({ solver: "l-bfgs" }).fit(frame(rows));
    await expect(summary.coefficientStandardErrors).rejects.toThrow("No Std. Error of coefficients available");
    await expect(summary.tValues).rejects.toThrow("No t-statistic available");
    await expect(summary.pValues).rejects.toThrow("No p-value available");
  });
});

it("knows Student's distribution", () => {
  // scipy.stats.t.sf(t, n) * 2
  expect(twoSidedProbability(2.228138851964939, 10)).toBeCloseTo(0.05000000000180864, 14);
  expect(twoSidedProbability(-12.706204736432095, 1)).toBeCloseTo(0.0499999999989913, 14);
  expect(twoSidedProbability(3.7, 294) / 0.0002572984766282498).toBeCloseTo(1, 11);
  expect(twoSidedProbability(40, 20) / 1.457469655431075e-20).toBeCloseTo(1, 11);
  expect(twoSidedProbability(1.96, 1e6)).toBeCloseTo(0.04999606758526985, 9);
  expect(twoSidedProbability(0, 5)).toBe(1);
  expect(twoSidedProbability(Infinity, 5)).toBe(0);
});
