import { definePartitionFunction } from "../../exec/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import type { DataFrame, RunOptions } from "../../sql/api/index.js";
import { meansOf, type VectorMoments } from "./vector-moments.js";
import { vectorView } from "../base/index.js";

/**
 * Sample covariance (n by n, column-major) of the vectors in the first column of `df`, whose moments are known.
 * Rows are centred first, as in Spark, unless all are sparse: then `E[xy] - E[x]E[y]` touches only what is not zero.
 */
export async function covariance(df: DataFrame, moments: VectorMoments, options: RunOptions): Promise<Float64Array> {
  const { size: n, count, allSparse } = moments;
  if (count <= 1) {
    throw new IllegalArgumentException(
      `requirement failed: RowMatrix.computeCovariance called on matrix with only ${count} rows.  Cannot compute the covariance of a RowMatrix with <= 1 row.`,
    );
  }
  const means = meansOf(moments);
  const parts = await df.runPartitions<Float64Array>(sumProducts.name, { n, means: allSparse ? null : means }, options);
  const out = new Float64Array(n * n);
  for (let j = 0, k = 0; j < n; j++) {
    for (let i = 0; i <= j; i++, k++) {
      const product = parts.reduce((sum, part) => sum + part[k], 0);
      const value = product / (count - 1) - (allSparse ? (count / (count - 1)) * means[i] * means[j] : 0);
      out[j * n + i] = value;
      out[i * n + j] = value;
    }
  }
  return out;
}

interface ProductsPayload {
  readonly n: number;
  /** What to subtract from every row first; null: nothing. */
  readonly means: Float64Array | null;
}

const TILE = 4;

/** Sums of the products of all pairs of elements: the upper triangle, packed by columns, in shared memory. */
const sumProducts = definePartitionFunction<ProductsPayload, Float64Array>({
  name: "ml.covariance.products",
  async run({ n, means }, batches, context) {
    const upper = new Float64Array(new SharedArrayBuffer((8 * n * (n + 1)) / 2));
    for await (const { columns } of batches) {
      context.checkCancelled();
      const { kinds, offsets, indices, values, length } = vectorView(columns[0]);
      if (!means) {
        for (let i = 0; i < length; i++)
          addSparse(upper, values, kinds[i] ? null : indices, offsets[i], offsets[i + 1]);
        continue;
      }
      const tile = Array.from({ length: TILE }, () => new Float64Array(n));
      for (let first = 0; first < length; first += TILE) {
        const rows = Math.min(TILE, length - first);
        for (let r = 0; r < rows; r++) {
          const i = first + r;
          center(tile[r], means, values, kinds[i] ? null : indices, offsets[i], offsets[i + 1]);
        }
        if (rows === TILE) addTile(upper, n, tile);
        else for (let r = 0; r < rows; r++) addRow(upper, n, tile[r]);
      }
    }
    return upper;
  },
});

function center(
  row: Float64Array,
  means: Float64Array,
  values: Float64Array,
  indices: Int32Array | null,
  start: number,
  end: number,
): void {
  const n = row.length;
  if (!indices) {
    for (let j = 0, k = start; j < n; j++, k++) row[j] = values[k] - means[j];
    return;
  }
  for (let j = 0; j < n; j++) row[j] = -means[j];
  for (let k = start; k < end; k++) row[indices[k]] = values[k] - means[indices[k]];
}

function addSparse(
  upper: Float64Array,
  values: Float64Array,
  indices: Int32Array | null,
  start: number,
  end: number,
): void {
  for (let k = start; k < end; k++) {
    const value = values[k];
    if (value === 0) continue;
    const j = indices ? indices[k] : k - start;
    const base = (j * (j + 1)) / 2;
    for (let l = start; l <= k; l++) upper[base + (indices ? indices[l] : l - start)] += value * values[l];
  }
}

function addRow(upper: Float64Array, n: number, row: Float64Array): void {
  for (let j = 0, k = 0; j < n; j++) {
    const value = row[j];
    for (let i = 0; i <= j; i++, k++) upper[k] += value * row[i];
  }
}

/** Four rows in one walk over the triangle, each sum in the order of the rows. */
function addTile(upper: Float64Array, n: number, [a, b, c, d]: readonly Float64Array[]): void {
  for (let j = 0, k = 0; j < n; j++) {
    const aj = a[j];
    const bj = b[j];
    const cj = c[j];
    const dj = d[j];
    for (let i = 0; i <= j; i++, k++) {
      let sum = upper[k] + aj * a[i];
      sum += bj * b[i];
      sum += cj * c[i];
      upper[k] = sum + dj * d[i];
    }
  }
}
