export interface L2Penalty {
  readonly regParam: number;
  /** Number of leading components that are penalised. */
  readonly length: number;
  /**
   * Deviation of the feature of a component: given when the penalty is meant for unstandardised features although
   * training runs on standardised ones. Features that are constant are not penalised then.
   */
  readonly stdOf?: ((index: number) => number) | undefined;
}

/** Adds the penalty's gradient to `gradient` and returns its value. */
export function addL2Penalty(penalty: L2Penalty | undefined, x: Float64Array, gradient: Float64Array): number {
  if (!penalty || penalty.regParam === 0) return 0;
  const { regParam, length, stdOf } = penalty;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const std = stdOf ? stdOf(i) : 1;
    if (std === 0) continue;
    const scaled = x[i] / (std * std);
    sum += x[i] * scaled;
    gradient[i] += regParam * scaled;
  }
  return 0.5 * regParam * sum;
}
