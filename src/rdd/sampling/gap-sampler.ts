import type { XORShiftRandom } from "../../common/index.js";

/** How often the next element is taken: 0, 1 or, with replacement, more. */
export type Sampler = () => number;

/** Below this a uniform draw counts as this, so that its logarithm stays finite. */
const RNG_EPSILON = 5e-11;

/** Takes each element with probability `fraction`, with one draw for each element taken, not for each one passed. */
export function gapSampler(fraction: number, random: XORShiftRandom): Sampler {
  const logMiss = Math.log1p(-fraction);
  const drop = (): number => Math.trunc(Math.log(Math.max(random.nextDouble(), RNG_EPSILON)) / logMiss);
  let dropping = drop();
  return () => {
    if (dropping > 0) {
      dropping--;
      return 0;
    }
    dropping = drop();
    return 1;
  };
}

/** Takes each element a Poisson number of times, skipping the runs of elements that are taken no times. */
export function gapSamplerWithReplacement(fraction: number, random: XORShiftRandom): Sampler {
  const none = Math.exp(-fraction);
  const drop = (): number => Math.trunc(Math.log(Math.max(random.nextDouble(), RNG_EPSILON)) / -fraction);
  const atLeastOnce = (): number => {
    let product = none + (1 - none) * random.nextDouble();
    let times = 1;
    for (product *= random.nextDouble(); product > none; product *= random.nextDouble()) times++;
    return times;
  };
  let dropping = drop();
  return () => {
    if (dropping > 0) {
      dropping--;
      return 0;
    }
    const times = atLeastOnce();
    dropping = drop();
    return times;
  };
}
