import { blas, DenseVector, type Vector } from "../../linalg/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import {
  featureScaling,
  lbfgs,
  lbfgsb,
  leastSquaresObjective,
  linearObjective,
  owlqn,
  type LinearLoss,
  type Minimum,
  type MinimizerOptions,
} from "../optim/index.js";

export interface LinearSettings {
  readonly fitIntercept: boolean;
  readonly regParam: number;
  readonly elasticNetParam: number;
  readonly standardization: boolean;
  readonly loss: "squaredError" | "huber";
  readonly maxIter: number;
  readonly tol: number;
  readonly onIteration?: MinimizerOptions["onIteration"];
}

export interface LinearData {
  readonly loss: LinearLoss;
  readonly weightSum: number;
  readonly mean: Float64Array;
  readonly std: Float64Array;
  readonly labelMean: number;
  readonly labelStd: number;
}

export interface LinearFit {
  readonly coefficients: Vector;
  readonly intercept: number;
  readonly scale: number;
  readonly objectiveHistory: readonly number[];
}

/** Fits by passes over the data: L-BFGS, with an L1 penalty OWL-QN, for huber loss L-BFGS-B with sigma > 0. */
export function solveLinear(data: LinearData, settings: LinearSettings): Promise<LinearFit> {
  return settings.loss === "huber" ? solveHuber(data, settings) : solveSquared(data, settings);
}

const compressed = (values: Float64Array): Vector => new DenseVector(values).compressed();

async function solveSquared(data: LinearData, settings: LinearSettings): Promise<LinearFit> {
  const { labelMean, weightSum, mean, std } = data;
  const { fitIntercept, regParam, elasticNetParam, standardization, maxIter, tol, onIteration } = settings;
  const d = mean.length;
  if (data.labelStd === 0) {
    if (fitIntercept || labelMean === 0) {
      const coefficients = new DenseVector(new Float64Array(d)).toSparse();
      return { coefficients, intercept: labelMean, scale: 1, objectiveHistory: [0] };
    }
    if (regParam !== 0) {
      throw new IllegalArgumentException(
        "requirement failed: The standard deviation of the label is zero. Model cannot be regularized.",
      );
    }
  }
  const labelStd = data.labelStd > 0 ? data.labelStd : Math.abs(labelMean);
  const scaling = featureScaling(mean, std);
  const effective = regParam / labelStd;
  const stdOf = standardization ? undefined : (j: number): number => std[j];
  const penalty = { regParam: (1 - elasticNetParam) * effective, length: d, stdOf };
  const objective = leastSquaresObjective(
    { loss: data.loss, scaling, weightSum, penalty },
    { fitIntercept, labelMean, labelStd },
  );
  const options = { maxIter, tolerance: tol, onIteration };
  const start = new Float64Array(d);
  const l1 = elasticNetParam * effective;
  const minimum: Minimum = await (l1 === 0
    ? lbfgs(objective, start, options)
    : owlqn(objective, start, { ...options, l1: (j) => (standardization ? l1 : l1 * scaling.inverseStd[j]) }));
  const coefficients = minimum.x.map((v, j) => v * (std[j] === 0 ? 0 : labelStd / std[j]));
  return {
    coefficients: compressed(coefficients),
    intercept: fitIntercept ? labelMean - blas.dot(coefficients, mean) : 0,
    scale: 1,
    objectiveHistory: minimum.objectiveHistory,
  };
}

async function solveHuber(data: LinearData, settings: LinearSettings): Promise<LinearFit> {
  const { fitIntercept, regParam, standardization, maxIter, tol, onIteration } = settings;
  const { std } = data;
  const d = std.length;
  const scaling = featureScaling(data.mean, std);
  const stdOf = standardization ? undefined : (j: number): number => std[j];
  const objective = linearObjective(
    { loss: data.loss, scaling, weightSum: data.weightSum, penalty: { regParam, length: d, stdOf } },
    { intercept: fitIntercept, centered: fitIntercept, sigma: true },
  );
  const size = fitIntercept ? d + 2 : d + 1;
  const start = new Float64Array(size).fill(1);
  if (fitIntercept) start[d] += blas.dot(scaling.scaledMean, start);
  const lower = new Float64Array(size).fill(-Number.MAX_VALUE);
  const upper = new Float64Array(size).fill(Number.MAX_VALUE);
  lower[size - 1] = Number.MIN_VALUE;
  const { x, objectiveHistory } = await lbfgsb(objective, start, {
    maxIter,
    tolerance: tol,
    lower,
    upper,
    onIteration,
  });
  const coefficients = scaling.inverseStd.map((inverse, j) => inverse * x[j]);
  const intercept = fitIntercept ? x[d] - blas.dot(scaling.scaledMean, x) : 0;
  return { coefficients: compressed(coefficients), intercept, scale: x[size - 1], objectiveHistory };
}
