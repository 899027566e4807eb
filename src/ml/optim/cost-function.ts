export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Value and gradient of an objective at `x`. It may set components of `x` that it solves for itself. */
export type CostFunction = (x: Float64Array) => Promise<Evaluation>;

/** Remembers the last point, so that evaluating it again costs no pass over the data. */
export function cached(cost: CostFunction): CostFunction {
  let last: { readonly x: Float64Array; readonly result: Evaluation } | undefined;
  return async (x) => {
    if (last && last.x.every((v, i) => v === x[i])) return last.result;
    const result = await cost(x);
    last = { x: x.slice(), result };
    return result;
  };
}
