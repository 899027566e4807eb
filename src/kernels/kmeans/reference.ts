/** Scalar reference of the k-means kernels: nearest centre of each row, and the clusters' weighted sums and weights. */
export function kmeansPass(
  rows: Float64Array,
  size: number,
  centers: Float64Array,
  weights: Float64Array | undefined,
): { labels: Int32Array; sums: Float64Array; totals: Float64Array; cost: number } {
  const numRows = rows.length / size;
  const k = centers.length / size;
  const labels = new Int32Array(numRows);
  const sums = new Float64Array(centers.length);
  const totals = new Float64Array(k);
  let cost = 0;
  for (let r = 0; r < numRows; r++) {
    let best = Infinity;
    for (let c = 0; c < k; c++) {
      let distance = 0;
      for (let f = 0; f < size; f++) distance += (rows[r * size + f] - centers[c * size + f]) ** 2;
      if (distance < best) {
        best = distance;
        labels[r] = c;
      }
    }
    const weight = weights ? weights[r] : 1;
    cost += weight * best;
    totals[labels[r]] += weight;
    for (let f = 0; f < size; f++) sums[labels[r] * size + f] += weight * rows[r * size + f];
  }
  return { labels, sums, totals, cost };
}
