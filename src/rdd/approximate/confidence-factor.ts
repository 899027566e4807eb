import { twoSidedProbability } from "../../common/index.js";

/** From this many values on the normal distribution stands for Student's. */
const MANY = 100;

/** Complementary error function for x >= 0: its Taylor series near 0, its continued fraction farther out (DLMF 7.6, 7.9). */
function erfc(x: number): number {
  if (x < 2.5) {
    let sum = 0;
    for (let n = 0, term = x; Math.abs(term) > 1e-17 && n < 200; n++) {
      sum += term / (2 * n + 1);
      term *= (-x * x) / (n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let k = 80; k >= 1; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}

/** How many standard errors around a mean of `count` values hold the true one with the given confidence. */
export function confidenceFactor(confidence: number, count: number): number {
  const outside = count > MANY ? (t: number) => erfc(t / Math.SQRT2) : (t: number) => twoSidedProbability(t, count - 1);
  const wanted = 1 - confidence;
  let high = 1;
  while (outside(high) > wanted && high < 1e12) high *= 2;
  let low = 0;
  for (let step = 0; step < 200 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2;
    if (outside(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
