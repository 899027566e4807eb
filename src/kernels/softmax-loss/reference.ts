import type { LossRows } from "../linear-loss/index.js";

/** Scalar reference of the multinomial kernels, coefficients feature by feature: [loss, multiplier sums, ...gradient]. */
export function softmaxLoss(
  { rows, labels, weights }: LossRows,
  w: ArrayLike<number>,
  offsets: ArrayLike<number>,
): Float64Array {
  const k = offsets.length;
  const out = new Float64Array(1 + k + w.length);
  rows.forEach((row, i) => {
    const weight = weights ? weights[i] : 1;
    const margins = Array.from(offsets);
    for (let j = 0; j < row.length; j++) for (let c = 0; c < k; c++) margins[c] += row[j] * w[j * k + c];
    const most = Math.max(...margins);
    const exps = margins.map((m) => Math.exp(m - most));
    const total = exps.reduce((a, b) => a + b, 0);
    out[0] += weight * (Math.log(total) - (margins[labels[i]] - most));
    for (let c = 0; c < k; c++) {
      const multiplier = weight * (exps[c] / total - (c === labels[i] ? 1 : 0));
      out[1 + c] += multiplier;
      for (let j = 0; j < row.length; j++) out[1 + k + j * k + c] += multiplier * row[j];
    }
  });
  return out;
}
