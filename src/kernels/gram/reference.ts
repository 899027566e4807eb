/**
 * Scalar reference of the Gram kernels: packed upper triangle of sum w r r' over the rows r = [features, label, 1],
 * features and label less a shift.
 */
export function gram(
  rows: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
  shift?: ArrayLike<number>,
): Float64Array {
  const n = (rows[0]?.length ?? 0) + 2;
  const out = new Float64Array((n * (n + 1)) / 2);
  rows.forEach((row, r) => {
    const full = [...Array.from(row), labels[r]].map((v, j) => v - (shift ? shift[j] : 0));
    full.push(1);
    const weight = weights ? weights[r] : 1;
    for (let j = 0, k = 0; j < n; j++) for (let i = 0; i <= j; i++) out[k++] += weight * full[i] * full[j];
  });
  return out;
}
