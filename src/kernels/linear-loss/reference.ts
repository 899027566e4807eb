import type { LinearLossKind } from "./index.js";

export interface LossRows {
  readonly rows: readonly ArrayLike<number>[];
  readonly labels: ArrayLike<number>;
  readonly weights?: ArrayLike<number> | undefined;
}

const log1pExp = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

/** Scalar reference of the linear loss kernels: [loss, sum of multipliers, derivative by sigma, ...gradient]. */
export function linearLoss(
  kind: LinearLossKind,
  { rows, labels, weights }: LossRows,
  w: ArrayLike<number>,
  offset: number,
  sigma = 1,
  epsilon = 1,
): Float64Array {
  const out = new Float64Array(3 + w.length);
  rows.forEach((row, i) => {
    const weight = weights ? weights[i] : 1;
    const label = labels[i];
    let margin = offset;
    for (let j = 0; j < w.length; j++) margin += row[j] * w[j];
    let multiplier = 0;
    if (kind === "logistic") {
      out[0] += weight * (log1pExp(-margin) + (label > 0 ? 0 : margin));
      multiplier = weight * (1 / (1 + Math.exp(-margin)) - label);
    } else if (kind === "squared") {
      const d = margin - label / sigma;
      out[0] += (weight * d * d) / 2;
      multiplier = weight * d;
    } else {
      const d = label - margin;
      const inside = Math.abs(d) <= sigma * epsilon;
      const s = inside ? d / sigma : Math.sign(d) * epsilon;
      const quadratic = inside ? (d * d) / sigma : 2 * epsilon * Math.abs(d) - sigma * epsilon * epsilon;
      out[0] += 0.5 * weight * (sigma + quadratic);
      out[2] += 0.5 * weight * (1 - s * s);
      multiplier = -weight * s;
    }
    out[1] += multiplier;
    for (let j = 0; j < w.length; j++) out[3 + j] += multiplier * row[j];
  });
  return out;
}
