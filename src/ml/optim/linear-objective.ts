import { blas } from "../../linalg/index.js";
import type { CostFunction } from "./cost-function.js";
import { unscaled, type FeatureScaling } from "./feature-scaling.js";
import { addL2Penalty, type L2Penalty } from "./l2-penalty.js";

/** Sums over all rows of a loss of one margin a row, for coefficients of the features as they are. */
export interface LinearLossSums {
  readonly loss: number;
  /** Sum of the loss's derivatives by the margin. */
  readonly multipliers: number;
  /** Derivative by the scale of the label (huber). */
  readonly sigmaSlope: number;
  /** Sum of derivative times row. */
  readonly gradient: Float64Array;
}
export type LinearLoss = (w: Float64Array, offset: number, sigma: number) => Promise<LinearLossSums>;

export interface LinearProblem {
  readonly loss: LinearLoss;
  readonly scaling: FeatureScaling;
  readonly weightSum: number;
  readonly penalty: L2Penalty | undefined;
}

/**
 * Objective over [coefficients, intercept?, sigma?] of the standardised features.
 * With `centered`, the intercept belongs to centred features; then no row needs to be centred.
 */
export function linearObjective(
  problem: LinearProblem,
  { intercept, centered, sigma }: { readonly intercept: boolean; readonly centered: boolean; readonly sigma: boolean },
): CostFunction {
  const { loss, scaling, weightSum, penalty } = problem;
  const { inverseStd, scaledMean } = scaling;
  const d = inverseStd.length;
  return async (x) => {
    const shift = centered ? blas.dot(scaledMean, x) : 0;
    const offset = intercept ? x[d] - shift : 0;
    const sums = await loss(unscaled(x, scaling), offset, sigma ? x[x.length - 1] : 1);
    const gradient = new Float64Array(x.length);
    for (let j = 0; j < d; j++) {
      const mean = centered ? sums.multipliers * scaledMean[j] : 0;
      gradient[j] = (sums.gradient[j] * inverseStd[j] - mean) / weightSum;
    }
    if (intercept) gradient[d] = sums.multipliers / weightSum;
    if (sigma) gradient[x.length - 1] = sums.sigmaSlope / weightSum;
    return { value: sums.loss / weightSum + addL2Penalty(penalty, x, gradient), gradient };
  };
}

/**
 * Objective of squared loss over the coefficients alone, features and label standardised: the intercept follows from the
 * coefficients, so that the residuals add up to zero and no centring is needed in the gradient.
 */
export function leastSquaresObjective(
  problem: LinearProblem,
  {
    fitIntercept,
    labelMean,
    labelStd,
  }: { readonly fitIntercept: boolean; readonly labelMean: number; readonly labelStd: number },
): CostFunction {
  const { loss, scaling, weightSum, penalty } = problem;
  return async (x) => {
    const offset = fitIntercept ? labelMean / labelStd - blas.dot(x, scaling.scaledMean) : 0;
    const sums = await loss(unscaled(x, scaling), offset, labelStd);
    const gradient = sums.gradient.map((g, j) => (g * scaling.inverseStd[j]) / weightSum);
    return { value: sums.loss / weightSum + addL2Penalty(penalty, x, gradient), gradient };
  };
}
