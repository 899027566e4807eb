import { describe, expect, it } from "vitest";
import { solveLogistic } from "../../../src/ml/classification/logistic-solver.js";
import { weightedLeastSquares } from "../../../src/ml/optim/index.js";
import { solveLinear } from "../../../src/ml/regression/linear-solver.js";
import {
  matrixOf,
  momentSums,
  plainLoss,
  plainSoftmax,
  recordedFit,
  statistics,
  trainingRows,
  vectorOf,
} from "./golden-problem.js";

/** The first `n` objectives are Spark's to rounding; later ones drift apart where the problem is badly conditioned. */
function expectSameSteps(actual: readonly number[], expected: readonly number[], n = expected.length): void {
  if (n === expected.length) expect(actual.length).toBe(expected.length);
  for (let i = 0; i < n; i++) {
    expect(Math.abs(actual[i] - expected[i]), `objective ${i}`).toBeLessThan(
      1e-9 * Math.max(1e-3, Math.abs(expected[i])),
    );
  }
}
const number = (value: unknown, fallback: number): number => (value === undefined ? fallback : (value as number));
const flag = (value: unknown): boolean => value === undefined || (value as boolean);

describe("linear regression takes Spark's steps", () => {
  it.each([
    ["lbfgs", undefined],
    ["lbfgs-l2", undefined],
    ["lbfgs-l1", undefined],
    ["lbfgs-elastic-no-standardization", 30],
    ["lbfgs-l2-no-standardization", undefined],
    ["lbfgs-no-intercept", undefined],
    ["weights-lbfgs", undefined],
    ["maxiter-1", undefined],
    ["huber", undefined],
    ["huber-epsilon-l2", undefined],
    ["huber-weights-no-intercept", 25],
    ["huber-no-standardization", undefined],
  ])("%s", async (id, steps) => {
    const recorded = recordedFit("LinearRegression", id);
    const { params, expect: expected } = recorded;
    const rows = trainingRows(recorded);
    const huber = params.loss === "huber";
    const loss = plainLoss(huber ? "huber" : "squared", rows, number(params.epsilon, 1.35));
    const fit = await solveLinear(
      { ...statistics(rows), loss },
      {
        fitIntercept: flag(params.fitIntercept),
        regParam: number(params.regParam, 0),
        elasticNetParam: number(params.elasticNetParam, 0),
        standardization: flag(params.standardization),
        loss: huber ? "huber" : "squaredError",
        maxIter: number(params.maxIter, 100),
        tol: number(params.tol, 1e-6),
      },
    );
    expectSameSteps(fit.objectiveHistory, expected.summary.objectiveHistory, steps);
  });
});

describe("the normal equations with an L1 penalty take Spark's steps", () => {
  it.each(["normal-elastic", "normal-l1"])("%s", async (id) => {
    const recorded = recordedFit("LinearRegression", id);
    const { params, expect: expected } = recorded;
    const rows = trainingRows(recorded);
    const options = {
      fitIntercept: true,
      regParam: number(params.regParam, 0),
      elasticNetParam: number(params.elasticNetParam, 0),
      standardizeFeatures: true,
      standardizeLabel: true,
    };
    // The steps do not depend on the shift about which the moments were taken.
    for (const shift of [undefined, [...rows.rows[0], rows.labels[0]]]) {
      const { objectiveHistory } = await weightedLeastSquares(momentSums(rows, shift), options);
      expectSameSteps(objectiveHistory, expected.summary.objectiveHistory, 20);
    }
  });
});

describe("logistic regression takes Spark's steps", () => {
  it.each([
    ["defaults-binomial", undefined],
    ["l2", 20],
    ["l1", 30],
    ["elastic-half", undefined],
    ["no-standardization-l2", 30],
    ["no-standardization-elastic", undefined],
    ["no-intercept", 20],
    ["weights", undefined],
    ["maxiter-0", undefined],
    ["loose-tol", undefined],
    ["bounds-binomial", 8],
    ["bounds-multinomial", 8],
    ["bounds-intercept-only", 8],
    ["multinomial-auto", undefined],
    ["multinomial-l1", 30],
    ["multinomial-weights-thresholds", undefined],
    ["binary-as-multinomial", undefined],
  ])("%s", async (id, steps) => {
    const recorded = recordedFit("LogisticRegression", id);
    const { params, expect: expected } = recorded;
    const rows = trainingRows(recorded);
    const moments = statistics(rows);
    const numClasses = moments.histogram.length;
    const fit = await solveLogistic(
      { binomial: plainLoss("logistic", rows), multinomial: plainSoftmax(rows) },
      moments,
      {
        numClasses,
        multinomial: params.family === "multinomial" || numClasses > 2,
        fitIntercept: flag(params.fitIntercept),
        regParam: number(params.regParam, 0),
        elasticNetParam: number(params.elasticNetParam, 0),
        standardization: flag(params.standardization),
        maxIter: number(params.maxIter, 100),
        tol: number(params.tol, 1e-6),
        lowerCoefficients: matrixOf(params.lowerBoundsOnCoefficients),
        upperCoefficients: matrixOf(params.upperBoundsOnCoefficients),
        lowerIntercepts: vectorOf(params.lowerBoundsOnIntercepts),
        upperIntercepts: vectorOf(params.upperBoundsOnIntercepts),
      },
    );
    expectSameSteps(fit.objectiveHistory, expected.summary.objectiveHistory, steps);
  });
});
