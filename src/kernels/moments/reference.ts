/** Scalar reference of `moments_dense`: by feature, sum of w (x - s), then sum of w (x - s)^2. */
export function momentSums(
  rows: readonly ArrayLike<number>[],
  weights: ArrayLike<number> | undefined,
  shift: ArrayLike<number>,
): Float64Array {
  const d = shift.length;
  const out = new Float64Array(2 * d);
  rows.forEach((row, i) => {
    const weight = weights ? weights[i] : 1;
    for (let j = 0; j < d; j++) {
      const u = row[j] - shift[j];
      out[j] += weight * u;
      out[d + j] += weight * u * u;
    }
  });
  return out;
}
