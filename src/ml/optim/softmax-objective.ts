import type { CostFunction } from "./cost-function.js";
import type { FeatureScaling } from "./feature-scaling.js";
import { addL2Penalty, type L2Penalty } from "./l2-penalty.js";

/** Sums over all rows of the multinomial loss; coefficients and gradient feature by feature (`j * numClasses + c`). */
export interface SoftmaxLossSums {
  readonly loss: number;
  /** By class: sum of the loss's derivatives by the margin. */
  readonly multipliers: Float64Array;
  readonly gradient: Float64Array;
}
export type SoftmaxLoss = (w: Float64Array, offsets: Float64Array) => Promise<SoftmaxLossSums>;

export interface SoftmaxProblem {
  readonly loss: SoftmaxLoss;
  readonly numClasses: number;
  readonly scaling: FeatureScaling;
  readonly weightSum: number;
  readonly penalty: L2Penalty | undefined;
}

/** Sum over the features of coefficient times scaled mean, by class. */
export function marginsOfMean(x: Float64Array, numClasses: number, { scaledMean }: FeatureScaling): Float64Array {
  const margins = new Float64Array(numClasses);
  scaledMean.forEach((mean, j) => {
    for (let c = 0; c < numClasses; c++) margins[c] += x[j * numClasses + c] * mean;
  });
  return margins;
}

/** Objective over [coefficients feature by feature, intercepts?] of the standardised (`centered`: and centred) features. */
export function softmaxObjective(problem: SoftmaxProblem, intercept: boolean, centered: boolean): CostFunction {
  const { loss, numClasses: k, scaling, weightSum, penalty } = problem;
  const { inverseStd, scaledMean } = scaling;
  const d = inverseStd.length;
  return async (x) => {
    const offsets = intercept ? x.slice(d * k) : new Float64Array(k);
    if (centered) marginsOfMean(x, k, scaling).forEach((margin, c) => (offsets[c] -= margin));
    const w = new Float64Array(d * k);
    for (let j = 0; j < d; j++) for (let c = 0; c < k; c++) w[j * k + c] = x[j * k + c] * inverseStd[j];
    const sums = await loss(w, offsets);
    const gradient = new Float64Array(x.length);
    for (let j = 0; j < d; j++) {
      for (let c = 0; c < k; c++) {
        const mean = centered ? sums.multipliers[c] * scaledMean[j] : 0;
        gradient[j * k + c] = (sums.gradient[j * k + c] * inverseStd[j] - mean) / weightSum;
      }
    }
    if (intercept) for (let c = 0; c < k; c++) gradient[d * k + c] = sums.multipliers[c] / weightSum;
    return { value: sums.loss / weightSum + addL2Penalty(penalty, x, gradient), gradient };
  };
}
