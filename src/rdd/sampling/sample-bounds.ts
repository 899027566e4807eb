/** How many standard deviations are safe for a Poisson mean. */
const deviations = (mean: number): number => (mean < 6 ? 12 : mean < 16 ? 9 : 6);

/** Bounds between which a Poisson draw of mean `s` practically always lies. */
export const poissonBounds = {
  lower: (s: number): number => Math.max(s - deviations(s) * Math.sqrt(s), 1e-15),
  upper: (s: number): number => Math.max(s + deviations(s) * Math.sqrt(s), 1e-10),
};

const MIN_SAMPLING_RATE = 1e-10;

/**
 * Sampling rates with which, but for a chance of `delta`, a Bernoulli sample of `n` elements has at most (lower) or at
 * least (upper) `fraction * n` of them (Meng, "Scalable Simple Random Sampling and Stratified Sampling", 2013).
 */
export const binomialBounds = {
  lower(delta: number, n: number, fraction: number): number {
    const gamma = (-Math.log(delta) / n) * (2 / 3);
    return fraction + gamma - Math.sqrt(gamma * gamma + 3 * gamma * fraction);
  },
  upper(delta: number, n: number, fraction: number): number {
    const gamma = -Math.log(delta) / n;
    const rate = fraction + gamma + Math.sqrt(gamma * gamma + 2 * gamma * fraction);
    return Math.min(1, Math.max(MIN_SAMPLING_RATE, rate));
  },
};

/** Fraction to sample with so that at least `size` of `total` elements come out, practically always. */
export const fractionForSampleSize = (size: number, total: number, withReplacement: boolean): number =>
  withReplacement ? poissonBounds.upper(size) / total : binomialBounds.upper(1e-4, total, size / total);
