/** A root of the secular equation and its distances from all poles, to high relative accuracy. */
export interface SecularRoot {
  readonly value: number;
  /** `d[j] - value` for every j. */
  readonly differences: Float64Array;
  /** `d[j] + value` for every j. */
  readonly sums: Float64Array;
}

/**
 * The i-th root of `1 + sum z[j]^2 / (d[j]^2 - x^2)` for ascending poles `d`: it lies between `d[i]` and `d[i + 1]`, the
 * last beyond `d`. Bisection on the distance to the nearer pole, so that small distances are accurate too.
 */
export function secularRoot(d: Float64Array, z: Float64Array, i: number): SecularRoot {
  const k = d.length;
  const last = i === k - 1;
  let squares = 0;
  for (const value of z) squares += value * value;
  const width = last ? squares / (d[i] + Math.sqrt(d[i] * d[i] + squares)) : d[i + 1] - d[i];
  const at = (base: number, offset: number): number => {
    let sum = 1;
    for (let j = 0; j < k; j++) sum += ((z[j] / (d[j] - d[base] - offset)) * z[j]) / (d[j] + d[base] + offset);
    return sum;
  };
  const lower = last || at(i, width / 2) > 0;
  const base = lower ? i : i + 1;
  let [low, high] = lower ? [0, last ? width : width / 2] : [-width / 2, 0];
  for (let step = 0; step < 2000; step++) {
    const middle = bisect(low, high);
    if (middle <= low || middle >= high) break;
    if (at(base, middle) > 0) high = middle;
    else low = middle;
  }
  const offset = lower ? high : low;
  return {
    value: d[base] + offset,
    differences: d.map((pole) => pole - d[base] - offset),
    sums: d.map((pole) => pole + d[base] + offset),
  };
}

/** Halves the interval; while an end is zero, in the exponent, so that tiny offsets are reached quickly. */
function bisect(low: number, high: number): number {
  if (low === 0 && high > 1e-290) return high * 2 ** -16;
  if (high === 0 && low < -1e-290) return low * 2 ** -16;
  return low + (high - low) / 2;
}
