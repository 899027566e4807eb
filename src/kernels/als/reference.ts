/** Scalar reference of `als_solve` for one row: ridge regression of its ratings on the factors, by Gaussian elimination. */
export function alsSolve(
  factors: readonly (readonly number[])[],
  ratings: readonly number[],
  regParam: number,
  implicit?: { readonly gram: readonly (readonly number[])[]; readonly alpha: number },
): number[] {
  const rank = factors[0].length;
  const matrix = Array.from({ length: rank }, (_, i) =>
    Array.from({ length: rank }, (__, j) => implicit?.gram[i][j] ?? 0),
  );
  const vector = Array.from({ length: rank }, () => 0);
  let explicit = 0;
  factors.forEach((factor, r) => {
    const rating = ratings[r];
    const confidence = implicit ? implicit.alpha * Math.abs(rating) : 1;
    const target = implicit ? (rating > 0 ? 1 + confidence : 0) : rating;
    if (!implicit || rating > 0) explicit++;
    for (let i = 0; i < rank; i++) {
      vector[i] += target * factor[i];
      for (let j = 0; j < rank; j++) matrix[i][j] += confidence * factor[i] * factor[j];
    }
  });
  for (let i = 0; i < rank; i++) matrix[i][i] += explicit * regParam;
  return eliminate(matrix, vector);
}

/** Scalar reference of `als_gram`. */
export function gram(factors: readonly (readonly number[])[]): number[][] {
  const rank = factors[0].length;
  return Array.from({ length: rank }, (_, i) =>
    Array.from({ length: rank }, (__, j) => factors.reduce((sum, factor) => sum + factor[i] * factor[j], 0)),
  );
}

function eliminate(matrix: number[][], vector: number[]): number[] {
  const n = vector.length;
  for (let i = 0; i < n; i++) {
    for (let r = i + 1; r < n; r++) {
      const factor = matrix[r][i] / matrix[i][i];
      for (let c = i; c < n; c++) matrix[r][c] -= factor * matrix[i][c];
      vector[r] -= factor * vector[i];
    }
  }
  const x = Array.from({ length: n }, () => 0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = vector[i];
    for (let c = i + 1; c < n; c++) sum -= matrix[i][c] * x[c];
    x[i] = sum / matrix[i][i];
  }
  return x;
}
