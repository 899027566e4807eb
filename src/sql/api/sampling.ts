import { IllegalArgumentException } from "../../common/index.js";

export interface SampleRequest {
  readonly withReplacement: boolean;
  readonly fraction: number;
  readonly seed: bigint;
}

/** A seed for calls without one. */
export const randomSeed = (): bigint => BigInt(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER));

/** Reads `(fraction, seed?)` and `(withReplacement, fraction, seed?)`. */
export function sampleArguments(first: number | boolean, second?: number, third?: number | bigint): SampleRequest {
  const withReplacement = typeof first === "boolean" ? first : false;
  const fraction = typeof first === "boolean" ? second : first;
  const seed = typeof first === "boolean" ? third : second;
  if (fraction === undefined || Number.isNaN(fraction)) {
    throw new IllegalArgumentException(
      "sample() needs a fraction: sample(0.1), sample(0.1, seed) or sample(withReplacement, 0.1, seed)",
    );
  }
  if (fraction < 0 || (!withReplacement && fraction > 1)) {
    const interval = withReplacement ? "be nonnegative with replacement" : "be on interval [0, 1] without replacement";
    throw new IllegalArgumentException(`requirement failed: Sampling fraction (${fraction}) must ${interval}`);
  }
  return { withReplacement, fraction, seed: BigInt(seed ?? randomSeed()) };
}

/** Cumulated, normalised weights: part i takes the draws in `[bounds[i], bounds[i + 1])`. */
export function splitBounds(weights: readonly number[]): number[] {
  const bad = weights.find((w) => !(w >= 0));
  if (bad !== undefined || weights.length === 0) {
    throw new IllegalArgumentException(`Value for \`weights\` must be positive, got '${bad}'.`, {
      condition: "VALUE_NOT_POSITIVE",
      parameters: { arg_name: "weights", arg_value: String(bad) },
    });
  }
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0)
    throw new IllegalArgumentException(
      `requirement failed: Sum of weights must be positive, but got [${weights.join(",")}]`,
    );
  const bounds = [0];
  for (const weight of weights) bounds.push(bounds[bounds.length - 1] + weight / sum);
  return bounds;
}
