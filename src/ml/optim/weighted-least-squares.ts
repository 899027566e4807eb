import { IllegalArgumentException } from "../../common/index.js";
import { blas, invertPacked, SingularMatrixException, solvePacked } from "../../linalg/index.js";
import { lbfgs } from "./lbfgs.js";
import { momentsAboutZero, shiftedMoments, type Moments, type MomentSums } from "./moments.js";
import { owlqn } from "./owlqn.js";

export interface WeightedLeastSquaresOptions {
  readonly fitIntercept: boolean;
  readonly regParam: number;
  readonly elasticNetParam: number;
  readonly standardizeFeatures: boolean;
  readonly standardizeLabel: boolean;
  /** `auto`: Cholesky, or quasi-Newton when there is an L1 penalty or the system is singular. */
  readonly solver?: "auto" | "cholesky" | "quasi-newton";
  readonly maxIter?: number;
  readonly tol?: number;
}

export interface WeightedLeastSquaresModel {
  readonly coefficients: Float64Array;
  readonly intercept: number;
  /** Diagonal of (A' W A)^-1, the intercept last; [0] when it was not computed. */
  readonly diagInvAtWA: Float64Array;
  /** [0] when solved directly. */
  readonly objectiveHistory: number[];
}

interface Solution {
  readonly x: Float64Array;
  readonly inverse: Float64Array | undefined;
  readonly objectiveHistory: number[];
}

/** The system in standardised space, the intercept's row and column last when there is one. */
interface System {
  readonly bBar: number;
  readonly bbBar: number;
  readonly aBar: Float64Array;
  readonly ab: Float64Array;
  readonly aa: Float64Array;
}

const quotient = (a: number, b: number): number => (b === 0 ? 0 : a / b);

function standardised(m: Moments, bStd: number, options: WeightedLeastSquaresOptions): System {
  const { aStd } = m;
  const aBar = m.aBar.map((v, i) => quotient(v, aStd[i]));
  const ab = m.abBar.map((v, i) => quotient(v, aStd[i] * bStd));
  const aa = new Float64Array(m.aaBar.length);
  const l2 = ((1 - options.elasticNetParam) * options.regParam) / bStd;
  for (let j = 0, p = 0; j < aStd.length; j++) {
    for (let i = 0; i <= j; i++, p++) aa[p] = quotient(m.aaBar[p], aStd[i] * aStd[j]);
    const lambda = options.standardizeFeatures ? l2 : quotient(l2, aStd[j] * aStd[j]);
    aa[p - 1] += options.standardizeLabel ? lambda : lambda * bStd;
  }
  const bBar = m.bBar / bStd;
  const system = { bBar, bbBar: m.bbBar / (bStd * bStd), aBar, ab, aa };
  if (!options.fitIntercept) return system;
  return { ...system, ab: Float64Array.from([...ab, bBar]), aa: Float64Array.from([...aa, ...aBar, 1]) };
}

function solveDirectly({ ab, aa }: System): Solution {
  const U = aa.slice();
  const x = solvePacked(U, ab.slice());
  return { x, inverse: invertPacked(U, x.length), objectiveHistory: [0] };
}

async function solveIteratively(
  system: System,
  options: WeightedLeastSquaresOptions,
  l1: ((index: number) => number) | undefined,
): Promise<Solution> {
  const { aBar, ab, aa, bBar, bbBar } = system;
  const n = ab.length;
  const start = new Float64Array(n);
  if (options.fitIntercept) start[n - 1] = bBar;
  const cost = async (x: Float64Array): Promise<{ value: number; gradient: Float64Array }> => {
    // The intercept is solved for exactly; the minimizer sees the value in its own vector, as in Spark.
    if (options.fitIntercept) x[n - 1] = bBar - blas.dot(aBar, x.subarray(0, n - 1));
    const gradient = new Float64Array(n);
    blas.dspmv(n, 1, aa, x, 1, gradient);
    const value = 0.5 * bbBar - blas.dot(ab, x) + 0.5 * blas.dot(x, gradient);
    blas.axpy(-1, ab, gradient);
    return { value, gradient };
  };
  const settings = { maxIter: options.maxIter ?? 100, tolerance: options.tol ?? 1e-6 };
  const { x, objectiveHistory } = await (l1 ? owlqn(cost, start, { ...settings, l1 }) : lbfgs(cost, start, settings));
  return { x, inverse: undefined, objectiveHistory };
}

async function solve(
  system: System,
  m: Moments,
  bStd: number,
  options: WeightedLeastSquaresOptions,
): Promise<Solution> {
  const { solver = "auto", regParam, elasticNetParam, standardizeFeatures } = options;
  const penalised = solver === "auto" && elasticNetParam !== 0 && regParam !== 0;
  if (penalised || solver === "quasi-newton") {
    const weight = (elasticNetParam * regParam) / bStd;
    const numFeatures = m.aStd.length;
    const l1 = (i: number): number => {
      if (i === numFeatures) return 0;
      return standardizeFeatures ? weight : quotient(weight, m.aStd[i]);
    };
    return solveIteratively(system, options, weight === 0 ? undefined : l1);
  }
  try {
    return solveDirectly(system);
  } catch (error) {
    if (!(error instanceof SingularMatrixException) || solver !== "auto") throw error;
    return solveIteratively(system, options, undefined);
  }
}

/** Linear regression with elastic net by the normal equations, solved from the moments of the data. */
export async function weightedLeastSquares(
  sums: MomentSums,
  options: WeightedLeastSquaresOptions,
): Promise<WeightedLeastSquaresModel> {
  const { fitIntercept, regParam, standardizeLabel } = options;
  if (!(sums.count > 0)) throw new IllegalArgumentException("assertion failed: Training dataset is empty.");
  if (!(sums.w > 0)) throw new IllegalArgumentException("assertion failed: Sum of weights cannot be zero.");
  const shifted = shiftedMoments(sums);
  const labelMean = shifted.bBar + sums.labelShift;
  if (shifted.bStd === 0) {
    if (fitIntercept || labelMean === 0) {
      const coefficients = new Float64Array(sums.numFeatures);
      return { coefficients, intercept: labelMean, diagInvAtWA: new Float64Array(1), objectiveHistory: [0] };
    }
    if (regParam > 0 && standardizeLabel) {
      throw new IllegalArgumentException(
        "requirement failed: The standard deviation of the label is zero. " +
          "Model cannot be regularized when labels are standardized.",
      );
    }
  }
  const bStd = shifted.bStd === 0 ? Math.abs(labelMean) : shifted.bStd;
  // An intercept absorbs any shift; without one the moments must be those of the columns themselves.
  const m = fitIntercept ? shifted : momentsAboutZero(shifted, sums);
  const { x, inverse, objectiveHistory } = await solve(standardised(m, bStd, options), m, bStd, options);
  const coefficients = Float64Array.from(m.aStd, (std, i) => quotient(x[i] * bStd, std));
  const intercept = fitIntercept
    ? x[sums.numFeatures] * bStd + sums.labelShift - blas.dot(sums.shift, coefficients)
    : 0;
  const diagInvAtWA = inverse ? inverseDiagonal(inverse, m.aStd, sums, fitIntercept) : new Float64Array(1);
  return { coefficients, intercept, diagInvAtWA, objectiveHistory };
}

/** Diagonal of (A' W A)^-1 of the columns as they are, from the packed inverse of the standardised and shifted system. */
function inverseDiagonal(
  inverse: Float64Array,
  std: Float64Array,
  { shift, w }: MomentSums,
  fitIntercept: boolean,
): Float64Array {
  const d = std.length;
  const features = std.map((s, i) => inverse[blas.packedLength(i) + i] / (w * s * s));
  if (!fitIntercept) return features;
  // The intercept at zero, seen from the shift: v' inverse v with v = [-shift / std, 1].
  const v = Float64Array.from([...shift.map((s, i) => quotient(-s, std[i])), 1]);
  const product = new Float64Array(d + 1);
  blas.dspmv(d + 1, 1, inverse, v, 0, product);
  return Float64Array.from([...features, blas.dot(v, product) / w]);
}
