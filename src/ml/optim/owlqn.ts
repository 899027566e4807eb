import { blas } from "../../linalg/index.js";
import type { CostFunction, Evaluation } from "./cost-function.js";
import {
  advance,
  noMemory,
  quasiNewtonDirection,
  rememberUpTo,
  type QuasiNewtonOptions,
  type StepMemory,
} from "./lbfgs.js";
import { backtrack, type LineFunction } from "./line-search.js";
import { minimize, type Method, type Minimum, type State } from "./minimizer.js";

const { dot, nrm2 } = blas;

export interface OwlqnOptions extends QuasiNewtonOptions {
  /** Weight of |x_i|; 0 where a component is not penalised. */
  readonly l1: (index: number) => number;
}

/** Objective plus the L1 penalty, and the pseudo-gradient of smallest norm. */
function penalised(l1: Float64Array, x: Float64Array, { value, gradient }: Evaluation): Evaluation {
  let total = value;
  const pseudo = gradient.map((g, i) => {
    const weight = l1[i];
    if (weight === 0) return g;
    total += Math.abs(weight * x[i]);
    if (x[i] !== 0) return g + Math.sign(x[i]) * weight;
    if (g - weight > 0) return g - weight;
    return g + weight < 0 ? g + weight : 0;
  });
  return { value: total, gradient: pseudo };
}

/** The step, with components zeroed that would leave the orthant of x (of the descent direction where x is zero). */
function stepInOrthant(state: State, direction: Float64Array, size: number): Float64Array {
  const { x, adjustedGradient } = state;
  return advance(x, direction, size).map((v, i) => {
    const orthant = Math.sign(x[i] !== 0 ? x[i] : -adjustedGradient[i]);
    return Math.sign(v) === orthant ? v : 0;
  });
}

/** Minimises a smooth function plus a weighted L1 penalty: orthant-wise L-BFGS (Andrew and Gao, 2007). */
export function owlqn(cost: CostFunction, initial: Float64Array, options: OwlqnOptions): Promise<Minimum> {
  const l1 = initial.map((_, i) => options.l1(i));
  const method: Method<StepMemory> = {
    emptyHistory: noMemory,
    direction: (state, memory) => {
      const g = state.adjustedGradient;
      return quasiNewtonDirection(memory, g).map((d, i) => (d * g[i] < 0 ? d : 0));
    },
    stepSize: (state, direction, evaluate) => {
      const along: LineFunction = async (t) => {
        const x = stepInOrthant(state, direction, t);
        const { value, gradient } = penalised(l1, x, await evaluate(x));
        return { value, slope: dot(gradient, direction) };
      };
      const first = state.iteration < 1;
      return backtrack(along, {
        initial: first ? 0.5 / nrm2(state.gradient) : 1,
        shrink: first ? 0.1 : 0.5,
        assumedValue: state.value,
      });
    },
    step: stepInOrthant,
    remember: rememberUpTo(options.memory ?? 10),
    adjust: (x, at) => penalised(l1, x, at),
  };
  return minimize(method, cost, initial, options);
}
