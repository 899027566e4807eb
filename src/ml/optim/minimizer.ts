import { blas } from "../../linalg/index.js";
import { cached, type CostFunction, type Evaluation } from "./cost-function.js";

/** A step could not be found; the minimizer forgets its history and tries once more. */
export class StepFailed extends Error {}

export interface State {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** Value with the penalty that the method itself handles (the L1 part of OWL-QN). */
  readonly adjustedValue: number;
  readonly adjustedGradient: Float64Array;
  readonly iteration: number;
}

/** What distinguishes one quasi-Newton method from another. `H` is its immutable memory of past steps. */
export interface Method<H> {
  readonly emptyHistory: () => H;
  readonly direction: (state: State, history: H) => Float64Array;
  readonly stepSize: (state: State, direction: Float64Array, cost: CostFunction) => Promise<number>;
  readonly step: (state: State, direction: Float64Array, size: number) => Float64Array;
  readonly remember: (history: H, step: Float64Array, gradientChange: Float64Array) => H;
  readonly adjust?: (x: Float64Array, at: Evaluation) => Evaluation;
  readonly converged?: (state: State) => boolean;
}

export interface MinimizerOptions {
  readonly maxIter: number;
  readonly tolerance: number;
  /** Called after every iteration, for progress and cancellation. */
  readonly onIteration?: ((state: State) => void) | undefined;
}

export type StopReason =
  "max-iterations" | "values-converged" | "gradient-converged" | "bounds-converged" | "search-failed";

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Adjusted objective of every state, the initial one included; a state is repeated where the search was restarted. */
  readonly objectiveHistory: number[];
  readonly reason: StopReason;
}

const VALUES_REMEMBERED = 20;
const LEAST_GRADIENT = 1e-8;

/** Spark's driver of Breeze's `FirstOrderMinimizer`: same steps, same stopping rules, same history of objectives. */
export async function minimize<H>(
  method: Method<H>,
  objective: CostFunction,
  initial: Float64Array,
  options: MinimizerOptions,
): Promise<Minimum> {
  const cost = cached(objective);
  const evaluate = async (x: Float64Array, iteration: number): Promise<State> => {
    const at = await cost(x);
    const adjusted = method.adjust?.(x, at) ?? at;
    const { value, gradient } = at;
    return { x, value, gradient, adjustedValue: adjusted.value, adjustedGradient: adjusted.gradient, iteration };
  };

  let state = await evaluate(initial.slice(), 0);
  const scale = Math.abs(state.adjustedValue);
  const objectiveHistory = [state.adjustedValue];
  let values = [Infinity];
  let history = method.emptyHistory();
  let restarted = false;
  let searchFailed = false;

  const reason = (): StopReason | undefined => {
    if (method.converged?.(state)) return "bounds-converged";
    if (options.maxIter >= 0 && state.iteration >= options.maxIter) return "max-iterations";
    const gap = Math.abs(state.adjustedValue - Math.max(...values));
    if (values.length >= 2 && gap <= options.tolerance * scale) return "values-converged";
    const least = Math.max(options.tolerance * Math.abs(state.adjustedValue), LEAST_GRADIENT);
    if (blas.nrm2(state.adjustedGradient) <= least) return "gradient-converged";
    return searchFailed ? "search-failed" : undefined;
  };

  for (;;) {
    const stop = reason();
    if (stop) return { x: state.x, value: state.adjustedValue, objectiveHistory, reason: stop };
    try {
      const old = state;
      const direction = method.direction(old, history);
      const size = await method.stepSize(old, direction, cost);
      const next = await evaluate(method.step(old, direction, size), old.iteration + 1);
      history = method.remember(
        history,
        next.x.map((v, i) => v - old.x[i]),
        next.gradient.map((v, i) => v - old.gradient[i]),
      );
      state = next;
      values = [...values, next.adjustedValue].slice(-VALUES_REMEMBERED);
      restarted = false;
      options.onIteration?.(state);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      if (restarted) searchFailed = true;
      else history = method.emptyHistory();
      restarted = true;
    }
    objectiveHistory.push(state.adjustedValue);
  }
}
