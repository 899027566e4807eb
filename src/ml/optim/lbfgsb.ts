import { blas, lu } from "../../linalg/index.js";
import type { CostFunction } from "./cost-function.js";
import { advance, rememberUpTo, noMemory, type QuasiNewtonOptions, type StepMemory } from "./lbfgs.js";
import { strongWolfe, type LineFunction } from "./line-search.js";
import { minimize, type Method, type Minimum, type State } from "./minimizer.js";

const { dot } = blas;
const PROJECTED_STEP = 1e-5;
const CURVATURE_EPSILON = 2.2e-16;

/** Compact form of the Hessian: theta I - W M W'. Rows of `W` belong to variables; `M` is small, dense and row-major. */
interface Hessian {
  readonly memory: StepMemory;
  readonly theta: number;
  readonly W: readonly Float64Array[];
  readonly M: readonly Float64Array[];
}

export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface LbfgsbOptions extends QuasiNewtonOptions, Bounds {}

const times = (A: readonly Float64Array[], x: Float64Array): Float64Array => Float64Array.from(A, (row) => dot(row, x));

function clamp(x: Float64Array, { lower, upper }: Bounds): Float64Array {
  for (let i = 0; i < x.length; i++) {
    if (x[i] > upper[i]) x[i] = upper[i];
    if (x[i] < lower[i]) x[i] = lower[i];
  }
  return x;
}

/** Matrix whose inverse is M: [-D L'; L theta S'S], D and L the diagonal and strictly lower part of S'Y. */
function middle(S: readonly Float64Array[], Y: readonly Float64Array[], theta: number): Float64Array[] {
  const k = S.length;
  return Array.from({ length: 2 * k }, (_, i) =>
    Float64Array.from({ length: 2 * k }, (__, j) => {
      if (i < k && j < k) return i === j ? -dot(S[i], Y[i]) : 0;
      if (i >= k && j >= k) return theta * dot(S[i - k], S[j - k]);
      const [row, col] = i < k ? [j - k, i] : [i - k, j];
      return row > col ? dot(S[row], Y[col]) : 0;
    }),
  );
}

function updated(hessian: Hessian, step: Float64Array, change: Float64Array, m: number): Hessian {
  const sy = dot(step, change);
  if (!(CURVATURE_EPSILON * blas.nrm2(change) < Math.abs(sy))) return hessian;
  const memory = rememberUpTo(m)(hessian.memory, step, change);
  const S = memory.steps.toReversed();
  const Y = memory.changes.toReversed();
  const theta = dot(change, change) / sy;
  const W = Array.from(step, (_, i) => Float64Array.from([...Y.map((y) => y[i]), ...S.map((s) => theta * s[i])]));
  return { memory, theta, W, M: lu.invert(middle(S, Y, theta)) };
}

interface CauchyPoint {
  readonly point: Float64Array;
  /** W' (point - x) */
  readonly c: Float64Array;
}

/** First minimum of the quadratic model along the projected gradient (Byrd, Lu, Nocedal and Zhu, algorithm CP). */
function cauchyPoint(hessian: Hessian, x: Float64Array, g: Float64Array, { lower, upper }: Bounds): CauchyPoint {
  const { theta, W, M } = hessian;
  const breaks = g.map((gi, i) => {
    if (gi === 0) return Number.MAX_VALUE;
    return (x[i] - (gi < 0 ? upper[i] : lower[i])) / gi;
  });
  const d = g.map((gi, i) => (gi === 0 || breaks[i] === 0 ? 0 : -gi));
  const width = M.length;
  const p = new Float64Array(width);
  W.forEach((row, i) => blas.axpy(d[i], row, p));
  const c = new Float64Array(width);
  const point = x.slice();
  let slope = dot(g, d);
  let curvature = -theta * slope - dot(p, times(M, p));
  let least = -slope / curvature;
  let reached = 0;
  const order = Array.from(breaks.keys()).sort((a, b) => (breaks[a] < breaks[b] ? -1 : Number(breaks[a] > breaks[b])));
  let next = Math.max(
    0,
    order.findIndex((i) => breaks[i] !== 0),
  );
  while (next < order.length && breaks[order[next]] - reached <= least) {
    const b = order[next];
    const delta = breaks[b] - reached;
    point[b] = d[b] > 0 ? upper[b] : lower[b];
    const z = point[b] - x[b];
    blas.axpy(delta, p, c);
    const row = W[b];
    const gb = g[b];
    const Mc = times(M, c);
    const Mp = times(M, p);
    slope += delta * curvature + gb * gb + theta * gb * z - gb * dot(row, Mc);
    curvature -= theta * gb * gb + 2 * gb * dot(row, Mp) + gb * gb * dot(row, times(M, row));
    blas.axpy(gb, row, p);
    d[b] = 0;
    least = -slope / curvature;
    reached = breaks[b];
    next++;
  }
  least = Math.max(least, 0);
  reached += least;
  for (let k = next; k < order.length; k++) point[order[k]] = x[order[k]] + reached * d[order[k]];
  blas.axpy(least, p, c);
  return { point, c };
}

/** Minimum of the quadratic model over the variables that are free at the Cauchy point (the direct primal method). */
function subspaceMinimum(hessian: Hessian, cauchy: CauchyPoint, x: Float64Array, g: Float64Array, bounds: Bounds) {
  const { theta, W, M } = hessian;
  const { point, c } = cauchy;
  const free = Array.from(point.keys()).filter((i) => point[i] !== bounds.upper[i] && point[i] !== bounds.lower[i]);
  const Mc = times(M, c);
  const width = M.length;
  const reduced = Float64Array.from(free, (i) => g[i] + theta * (point[i] - x[i]) - dot(W[i], Mc));
  const projected = new Float64Array(width);
  free.forEach((i, k) => blas.axpy(reduced[k], W[i], projected));
  const gram = Array.from({ length: width }, () => new Float64Array(width));
  for (const i of free) for (let a = 0; a < width; a++) blas.axpy(W[i][a] / theta, W[i], gram[a]);
  const N = M.map((row, a) => {
    const out = new Float64Array(width);
    for (let k = 0; k < width; k++) blas.axpy(-row[k], gram[k], out);
    out[a] += 1;
    return out;
  });
  const v = lu.solve(N, times(M, projected));
  const du = Float64Array.from(free, (i, k) => -(reduced[k] / theta + dot(W[i], v) / (theta * theta)));
  let most = 1;
  free.forEach((i, k) => {
    const bound = du[k] > 0 ? bounds.upper[i] : bounds.lower[i];
    if (du[k] !== 0) most = Math.min(most, (bound - point[i]) / du[k]);
  });
  const best = point.slice();
  free.forEach((i, k) => (best[i] += most * du[k]));
  return best;
}

function projectedStepIsSmall({ x, gradient }: State, { lower, upper }: Bounds): boolean {
  return x.every((v, i) => {
    const target = Math.min(Math.max(v - gradient[i], lower[i]), upper[i]);
    return Math.abs(target - v) < PROJECTED_STEP;
  });
}

/** Minimises a smooth function within bounds: L-BFGS-B as Breeze has it. */
export function lbfgsb(cost: CostFunction, initial: Float64Array, options: LbfgsbOptions): Promise<Minimum> {
  const n = initial.length;
  const m = options.memory ?? 10;
  const step = (state: State, direction: Float64Array, size: number): Float64Array =>
    clamp(advance(state.x, direction, size), options);
  const method: Method<Hessian> = {
    emptyHistory: () => ({
      memory: noMemory(),
      theta: 1,
      W: Array.from({ length: n }, () => new Float64Array(2 * m)),
      M: Array.from({ length: 2 * m }, () => new Float64Array(2 * m)),
    }),
    direction: ({ x, gradient, iteration }, hessian) => {
      const cauchy = cauchyPoint(hessian, x, gradient, options);
      clamp(cauchy.point, options);
      const target =
        iteration === 0 ? cauchy.point : clamp(subspaceMinimum(hessian, cauchy, x, gradient, options), options);
      return target.map((v, i) => v - x[i]);
    },
    stepSize: (state, direction, evaluate) => {
      const along: LineFunction = async (t) => {
        const { value, gradient } = await evaluate(step(state, direction, t));
        return { value, slope: dot(gradient, direction) };
      };
      let bound = Infinity;
      direction.forEach((d, i) => {
        if (d !== 0) bound = Math.min(bound, ((d < 0 ? options.lower[i] : options.upper[i]) - state.x[i]) / d);
      });
      return strongWolfe(along, { maxZoom: 64, maxSteps: 64, initial: 1, bound });
    },
    step,
    remember: (hessian, s, y) => updated(hessian, s, y, m),
    converged: (state) => projectedStepIsSmall(state, options),
  };
  return minimize(method, cost, initial, options);
}
