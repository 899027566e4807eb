/** Doubles that {@link packCenters} writes. */
export const packedLength = (k: number, size: number): number => 4 * Math.ceil(k / 4) * (size + 1);

/** Even number of doubles a feature takes in {@link tabulateCenters}. */
export const tableWidth = (k: number): number => k + (k & 1);

/**
 * Writes `k` centres of `size` coefficients into the layout of `kmeans_pass`: groups of four, transposed, offsets first.
 * Euclidean scores are |c|^2 - 2 c.x; cosine scores -c.x, for centres of length 1.
 */
export function packCenters(centers: Float64Array, k: number, size: number, cosine: boolean, out: Float64Array): void {
  const factor = cosine ? -1 : -2;
  for (let c = 0; c < 4 * Math.ceil(k / 4); c++) {
    const group = (c >> 2) * 4 * (size + 1) + (c & 3);
    let norm = c < k ? 0 : Infinity;
    for (let f = 0; f < size; f++) {
      const value = c < k ? centers[c * size + f] : 0;
      norm += value * value;
      out[group + 4 * (f + 1)] = factor * value;
    }
    out[group] = cosine && c < k ? 0 : norm;
  }
}

/** The same for `kmeans_pass_sparse`: a table of coefficients feature by feature, and the offsets. */
export function tabulateCenters(
  centers: Float64Array,
  k: number,
  size: number,
  cosine: boolean,
  table: Float64Array,
  offsets: Float64Array,
): void {
  const width = tableWidth(k);
  const factor = cosine ? -1 : -2;
  for (let c = 0; c < width; c++) {
    let norm = c < k ? 0 : Infinity;
    for (let f = 0; f < size; f++) {
      const value = c < k ? centers[c * size + f] : 0;
      norm += value * value;
      table[f * width + c] = factor * value;
    }
    offsets[c] = cosine && c < k ? 0 : norm;
  }
}
