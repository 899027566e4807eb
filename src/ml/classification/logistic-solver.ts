import { IllegalArgumentException } from "../../common/index.js";
import { blas, DenseMatrix, type Matrix, SparseVector, type Vector, Vectors } from "../../linalg/index.js";
import type { TrainingMoments } from "../linear/index.js";
import {
  type CostFunction,
  featureScaling,
  lbfgs,
  lbfgsb,
  linearObjective,
  type LinearLoss,
  marginsOfMean,
  type Minimum,
  type MinimizerOptions,
  owlqn,
  type SoftmaxLoss,
  softmaxObjective,
} from "../optim/index.js";

export interface LogisticSettings {
  readonly numClasses: number;
  readonly multinomial: boolean;
  readonly fitIntercept: boolean;
  readonly regParam: number;
  readonly elasticNetParam: number;
  readonly standardization: boolean;
  readonly maxIter: number;
  readonly tol: number;
  readonly lowerCoefficients: Matrix | undefined;
  readonly upperCoefficients: Matrix | undefined;
  readonly lowerIntercepts: Vector | undefined;
  readonly upperIntercepts: Vector | undefined;
  readonly onIteration?: MinimizerOptions["onIteration"];
}

export interface LogisticLosses {
  readonly binomial: LinearLoss | undefined;
  readonly multinomial: SoftmaxLoss | undefined;
}

export interface LogisticFit {
  /** One row, or one a class. */
  readonly coefficients: Matrix;
  readonly intercepts: Vector;
  readonly objectiveHistory: readonly number[];
}

const bounded = (s: LogisticSettings): boolean =>
  [s.lowerCoefficients, s.upperCoefficients, s.lowerIntercepts, s.upperIntercepts].some((bound) => bound !== undefined);

/** All rows have one label: the intercept says it all, as in Spark. */
export function constantFit(settings: LogisticSettings, moments: TrainingMoments): LogisticFit {
  const { multinomial, numClasses } = settings;
  const sets = multinomial ? numClasses : 1;
  const d = moments.mean.length;
  const label = moments.histogram.findIndex((weight) => weight !== 0);
  const intercepts = multinomial
    ? new SparseVector(numClasses, [label], [Infinity])
    : Vectors.dense([label === 1 ? Infinity : -Infinity]);
  const coefficients = new DenseMatrix(sets, d, new Float64Array(sets * d), true).compressed();
  return { coefficients, intercepts: intercepts.compressed(), objectiveHistory: [0] };
}

/** Minimises the (penalised) mean log loss; coefficients are kept feature by feature: `x[j * sets + c]`, intercepts last. */
export async function solveLogistic(
  losses: LogisticLosses,
  moments: TrainingMoments,
  settings: LogisticSettings,
): Promise<LogisticFit> {
  const { multinomial, numClasses, fitIntercept, regParam, elasticNetParam, standardization } = settings;
  const { mean, std, weightSum } = moments;
  const d = mean.length;
  const sets = multinomial ? numClasses : 1;
  const scaling = featureScaling(mean, std);
  const allInfinite = (bound: Vector | undefined): boolean =>
    !bound || bound.toArray().every((v) => !Number.isFinite(v));
  const centered = fitIntercept && allInfinite(settings.lowerIntercepts) && allInfinite(settings.upperIntercepts);
  const stdOf = standardization ? undefined : (i: number): number => std[Math.floor(i / sets)];
  const penalty = { regParam: (1 - elasticNetParam) * regParam, length: d * sets, stdOf };
  const shared = { scaling, weightSum, penalty };
  const objective = multinomial
    ? softmaxObjective({ ...shared, loss: losses.multinomial!, numClasses }, fitIntercept, centered)
    : linearObjective({ ...shared, loss: losses.binomial! }, { intercept: fitIntercept, centered, sigma: false });
  /** What centring adds to the intercepts of a point, by set. */
  const shift = (x: Float64Array): Float64Array =>
    multinomial ? marginsOfMean(x, sets, scaling) : Float64Array.of(blas.dot(scaling.scaledMean, x.subarray(0, d)));
  const recentre = (x: Float64Array, sign: 1 | -1): void => {
    if (centered) shift(x).forEach((margin, c) => (x[d * sets + c] += sign * margin));
  };

  const start = initialPoint(settings, moments, sets);
  const bounds = bounded(settings) ? boundsOf(settings, std, sets) : undefined;
  if (bounds) {
    start.forEach((v, i) => (start[i] = Math.max(bounds.lower[i], Math.min(bounds.upper[i], v))));
  }
  recentre(start, 1);
  const l1 = elasticNetParam * regParam;
  const l1Of = (i: number): number => {
    if (i >= d * sets) return 0;
    return standardization ? l1 : l1 * scaling.inverseStd[Math.floor(i / sets)];
  };
  const minimum = await minimise(objective, start, settings, bounds, l1 === 0 ? undefined : l1Of);
  if (Number.isNaN(minimum.value)) {
    throw new IllegalArgumentException(
      "The objective became NaN while training; check the features for extreme values.",
    );
  }
  const x = minimum.x.slice();
  recentre(x, -1);
  return { ...coefficientsOf(x, settings, std, sets), objectiveHistory: minimum.objectiveHistory };
}

interface BoundArrays {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

function minimise(
  objective: CostFunction,
  start: Float64Array,
  { maxIter, tol, onIteration }: LogisticSettings,
  bounds: BoundArrays | undefined,
  l1: ((index: number) => number) | undefined,
): Promise<Minimum> {
  const options = { maxIter, tolerance: tol, onIteration };
  if (bounds) return lbfgsb(objective, start, { ...options, ...bounds });
  return l1 ? owlqn(objective, start, { ...options, l1 }) : lbfgs(objective, start, options);
}

/** Zero coefficients, and the intercepts that fit the class frequencies. */
function initialPoint(
  { multinomial, fitIntercept }: LogisticSettings,
  { histogram, mean }: TrainingMoments,
  sets: number,
) {
  const x = new Float64Array(sets * (mean.length + (fitIntercept ? 1 : 0)));
  if (!fitIntercept) return x;
  const at = sets * mean.length;
  if (!multinomial) {
    x[at] = Math.log(histogram[1] / histogram[0]);
    return x;
  }
  // log(n + 1) is Spark's smoothing for classes without rows.
  const raw = Array.from({ length: sets }, (_, c) => Math.log1p(histogram[c] ?? 0));
  const centre = raw.reduce((a, b) => a + b, 0) / sets;
  raw.forEach((v, c) => (x[at + c] = v - centre));
  return x;
}

function boundsOf(s: LogisticSettings, std: Float64Array, sets: number): BoundArrays {
  const d = std.length;
  const fill = (matrix: Matrix | undefined, vector: Vector | undefined, infinite: number): Float64Array => {
    const out = new Float64Array(sets * (d + (s.fitIntercept ? 1 : 0))).fill(infinite);
    if (matrix) {
      for (let j = 0; j < d; j++) for (let c = 0; c < sets; c++) out[j * sets + c] = matrix.get(c, j) * std[j];
    }
    if (vector && s.fitIntercept) out.set(vector.toArray(), sets * d);
    // A bound at infinity times a deviation of zero is no number, and no bound.
    return out.map((v) => (Number.isNaN(v) ? infinite : v));
  };
  return {
    lower: fill(s.lowerCoefficients, s.lowerIntercepts, -Infinity),
    upper: fill(s.upperCoefficients, s.upperIntercepts, Infinity),
  };
}

/** Coefficients of the features as they are; what regularisation leaves open in a multinomial model is centred. */
function coefficientsOf(x: Float64Array, s: LogisticSettings, std: Float64Array, sets: number) {
  const d = std.length;
  const values = new Float64Array(sets * d);
  for (let c = 0; c < sets; c++) {
    for (let j = 0; j < d; j++) values[c * d + j] = std[j] > 0 ? x[j * sets + c] / std[j] : 0;
  }
  const intercepts = s.fitIntercept ? x.slice(d * sets) : new Float64Array(sets);
  if (s.multinomial && !bounded(s)) {
    if (s.regParam === 0) for (let j = 0; j < d; j++) centre(values, j, d);
    if (s.fitIntercept) centre(intercepts, 0, 1);
  }
  const coefficients = new DenseMatrix(sets, d, values, true).compressed();
  return { coefficients, intercepts: Vectors.dense(intercepts).compressed() };
}

/** Subtracts the mean of every `step`-th value from `start` on. */
function centre(values: Float64Array, start: number, step: number): void {
  let [sum, count] = [0, 0];
  for (let i = start; i < values.length; i += step, count++) sum += values[i];
  for (let i = start; i < values.length; i += step) values[i] -= sum / count;
}
