import { IllegalArgumentException } from "../../common/index.js";
import { blas, invertPacked, SingularMatrixException, solvePacked } from "../../linalg/index.js";
import { lbfgs } from "./lbfgs.js";
import { momentsOf, type Moments, type MomentSums } from "./moments.js";
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
  const m = momentsOf(sums);
  if (m.bStd === 0) {
    if (fitIntercept || m.bBar === 0) {
      const coefficients = new Float64Array(sums.numFeatures);
      return { coefficients, intercept: m.bBar, diagInvAtWA: new Float64Array(1), objectiveHistory: [0] };
    }
    if (regParam > 0 && standardizeLabel) {
      throw new IllegalArgumentException(
        "requirement failed: The standard deviation of the label is zero. " +
          "Model cannot be regularized when labels are standardized.",
      );
    }
  }
  const bStd = m.bStd === 0 ? Math.abs(m.bBar) : m.bStd;
  const solution = await solve(standardised(m, bStd, options), m, bStd, options);
  const coefficients = Float64Array.from(m.aStd, (std, i) => quotient(solution.x[i] * bStd, std));
  const intercept = fitIntercept ? solution.x[sums.numFeatures] * bStd : 0;
  const { inverse } = solution;
  const diagInvAtWA = inverse
    ? solution.x.map(
        (_, i) => inverse[blas.packedLength(i) + i] / (sums.w * (i < sums.numFeatures ? m.aStd[i] ** 2 : 1)),
      )
    : new Float64Array(1);
  return { coefficients, intercept, diagInvAtWA, objectiveHistory: solution.objectiveHistory };
}
