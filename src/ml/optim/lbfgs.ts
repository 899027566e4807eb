import { blas } from "../../linalg/index.js";
import type { CostFunction } from "./cost-function.js";
import { strongWolfe, type LineFunction } from "./line-search.js";
import { minimize, StepFailed, type Method, type Minimum, type MinimizerOptions, type State } from "./minimizer.js";

const { axpy, dot, nrm2, scal } = blas;

/** Steps and gradient changes, newest first. */
export interface StepMemory {
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
}

export const noMemory = (): StepMemory => ({ steps: [], changes: [] });
export const rememberUpTo =
  (m: number) =>
  (memory: StepMemory, step: Float64Array, change: Float64Array): StepMemory => ({
    steps: [step, ...memory.steps].slice(0, m),
    changes: [change, ...memory.changes].slice(0, m),
  });

/** Minus the approximate inverse Hessian times the gradient, by the two-loop recursion. */
export function quasiNewtonDirection({ steps, changes }: StepMemory, gradient: Float64Array): Float64Array {
  let scale = 1;
  if (steps.length > 0) {
    const sy = dot(steps[0], changes[0]);
    if (!(sy >= 0)) throw new StepFailed("Bad curvature");
    scale = sy / dot(changes[0], changes[0]);
  }
  const direction = gradient.slice();
  const curvatures = steps.map((step, i) => dot(step, changes[i]));
  const weights = steps.map((step, i) => {
    const weight = dot(step, direction) / curvatures[i];
    if (Number.isNaN(weight)) throw new StepFailed("Bad curvature");
    axpy(-weight, changes[i], direction);
    return weight;
  });
  scal(scale, direction);
  for (let i = steps.length - 1; i >= 0; i--) {
    axpy(weights[i] - dot(changes[i], direction) / curvatures[i], steps[i], direction);
  }
  scal(-1, direction);
  return direction;
}

export function advance(x: Float64Array, direction: Float64Array, size: number): Float64Array {
  return x.map((v, i) => v + direction[i] * size);
}

async function wolfeStep(state: State, direction: Float64Array, cost: CostFunction): Promise<number> {
  const along: LineFunction = async (t) => {
    const { value, gradient } = await cost(advance(state.x, direction, t));
    return { value, slope: dot(gradient, direction) };
  };
  const initial = state.iteration === 0 ? 1 / nrm2(direction) : 1;
  const size = await strongWolfe(along, { maxZoom: 10, maxSteps: 10, initial });
  if (size * nrm2(state.gradient) < 1e-10) throw new StepFailed("Step size underflow");
  return size;
}

export interface QuasiNewtonOptions extends MinimizerOptions {
  /** Steps remembered; Spark always uses 10. */
  readonly memory?: number;
}

/** Minimises a smooth function with limited-memory BFGS. */
export function lbfgs(cost: CostFunction, initial: Float64Array, options: QuasiNewtonOptions): Promise<Minimum> {
  const method: Method<StepMemory> = {
    emptyHistory: noMemory,
    direction: (state, memory) => quasiNewtonDirection(memory, state.gradient),
    stepSize: wolfeStep,
    step: (state, direction, size) => advance(state.x, direction, size),
    remember: rememberUpTo(options.memory ?? 10),
  };
  return minimize(method, cost, initial, options);
}
