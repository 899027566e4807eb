import { PoissonSource, XORShiftRandom } from "../../common/index.js";
import { gapSampler, gapSamplerWithReplacement, type Sampler } from "./gap-sampler.js";

/** Largest fraction at which skipping over runs of elements is faster than a draw for each. */
const MAX_GAP_FRACTION = 0.4;

/** Each element once or not at all, with Spark's `BernoulliSampler`. */
export function bernoulliSampler(fraction: number, seed: bigint): Sampler {
  if (fraction <= 0) return () => 0;
  if (fraction >= 1) return () => 1;
  const random = new XORShiftRandom(seed);
  if (fraction <= MAX_GAP_FRACTION) return gapSampler(fraction, random);
  return () => (random.nextDouble() <= fraction ? 1 : 0);
}

/** Each element whose draw lies in `[lower, upper)`, with Spark's `BernoulliCellSampler`. */
export function bernoulliCellSampler(lower: number, upper: number, seed: bigint): Sampler {
  if (upper - lower <= 0) return () => 0;
  const random = new XORShiftRandom(seed);
  return () => {
    const x = random.nextDouble();
    return x >= lower && x < upper ? 1 : 0;
  };
}

/** Each element a Poisson number of times, with Spark's `PoissonSampler`. */
export function poissonSampler(fraction: number, seed: bigint): Sampler {
  if (fraction <= 0) return () => 0;
  if (fraction <= MAX_GAP_FRACTION) return gapSamplerWithReplacement(fraction, new XORShiftRandom(seed));
  const counts = new PoissonSource(fraction, seed);
  return () => counts.next();
}
