import { IllegalArgumentException, JavaRandom } from "../common/index.js";

import type { Matrix } from "./matrix.js";
import { DenseMatrix, SparseMatrix, type MatrixJson } from "./matrix.js";
import type { Vector } from "./vector.js";

type Triple = readonly [row: number, col: number, value: number];

function fromEntries(numRows: number, numCols: number, entries: Iterable<Triple>): SparseMatrix {
  const sums = new Map<number, number>();
  for (const [i, j, v] of entries) {
    if (!(i >= 0 && i < numRows && j >= 0 && j < numCols)) {
      throw new IllegalArgumentException(`Entry (${i}, ${j}) is outside of a ${numRows} x ${numCols} matrix`);
    }
    sums.set(j * numRows + i, (sums.get(j * numRows + i) ?? 0) + v);
  }
  const places = [...sums.keys()].filter((at) => sums.get(at) !== 0).sort((a, b) => a - b);
  const colPtrs = new Int32Array(numCols + 1);
  for (const at of places) colPtrs[Math.floor(at / numRows) + 1]++;
  for (let j = 0; j < numCols; j++) colPtrs[j + 1] += colPtrs[j];
  return new SparseMatrix(
    numRows,
    numCols,
    colPtrs,
    places.map((at) => at % numRows),
    places.map((at) => sums.get(at)!),
  );
}

function diagonal(values: ArrayLike<number>): DenseMatrix {
  const n = values.length;
  const all = new Float64Array(n * n);
  for (let i = 0; i < n; i++) all[i * (n + 1)] = values[i];
  return new DenseMatrix(n, n, all);
}

function filled(numRows: number, numCols: number, next: () => number): DenseMatrix {
  return new DenseMatrix(numRows, numCols, Float64Array.from({ length: numRows * numCols }, next));
}

const source = (seed: number | bigint | JavaRandom): JavaRandom =>
  seed instanceof JavaRandom ? seed : new JavaRandom(seed);

/** Blocks side by side or on top of each other; the result is sparse when one of them is. */
function concatenate(matrices: readonly Matrix[], vertical: boolean): Matrix {
  if (matrices.length === 0) return new DenseMatrix(0, 0, []);
  if (matrices.length === 1) return matrices[0];
  const across = (m: Matrix): number => (vertical ? m.numCols : m.numRows);
  const along = (m: Matrix): number => (vertical ? m.numRows : m.numCols);
  const width = across(matrices[0]);
  if (matrices.some((m) => across(m) !== width)) {
    const what = vertical ? "columns" : "rows";
    throw new IllegalArgumentException(`The number of ${what} of the matrices in this sequence, don't match!`);
  }
  const length = matrices.reduce((n, m) => n + along(m), 0);
  const [numRows, numCols] = vertical ? [length, width] : [width, length];
  const entries: Triple[] = [];
  let start = 0;
  for (const m of matrices) {
    const from = start;
    m.foreachActive((i, j, v) => entries.push(vertical ? [i + from, j, v] : [i, j + from, v]));
    start += along(m);
  }
  const joined = fromEntries(numRows, numCols, entries);
  return matrices.some((m) => m instanceof SparseMatrix) ? joined : joined.toDense();
}

/** Matrix of Spark's JSON form, given as text or already parsed. */
function fromJson(json: string | MatrixJson): Matrix {
  const m = (typeof json === "string" ? JSON.parse(json) : json) as MatrixJson;
  if (m.type === 1) return new DenseMatrix(m.numRows, m.numCols, m.values.map(Number), m.isTransposed);
  if (m.type === 0) {
    return new SparseMatrix(m.numRows, m.numCols, m.colPtrs, m.rowIndices, m.values.map(Number), m.isTransposed);
  }
  throw new IllegalArgumentException(`Cannot parse ${JSON.stringify(json)} into Matrix.`);
}

/** Factories of local matrices. */
export const Matrices = {
  dense: (numRows: number, numCols: number, values: ArrayLike<number>): DenseMatrix =>
    new DenseMatrix(numRows, numCols, values),
  sparse: (
    numRows: number,
    numCols: number,
    colPtrs: ArrayLike<number>,
    rowIndices: ArrayLike<number>,
    values: ArrayLike<number>,
  ): SparseMatrix => new SparseMatrix(numRows, numCols, colPtrs, rowIndices, values),
  /** Sparse matrix of (row, column, value) entries; values at the same place are added. */
  fromCOO: fromEntries,
  fromJson,
  zeros: (numRows: number, numCols: number): DenseMatrix => filled(numRows, numCols, () => 0),
  ones: (numRows: number, numCols: number): DenseMatrix => filled(numRows, numCols, () => 1),
  eye: (n: number): DenseMatrix => diagonal(new Float64Array(n).fill(1)),
  speye: (n: number): SparseMatrix => diagonal(new Float64Array(n).fill(1)).toSparse(),
  diag: (vector: Vector): DenseMatrix => diagonal(vector.toArray()),
  spdiag: (vector: Vector): SparseMatrix => diagonal(vector.toArray()).toSparse(),
  /** Uniform on [0, 1); a number is the seed of a `java.util.Random`. */
  rand(numRows: number, numCols: number, seed: number | bigint | JavaRandom): DenseMatrix {
    const random = source(seed);
    return filled(numRows, numCols, () => random.nextDouble());
  },
  /** Standard normal; a number is the seed of a `java.util.Random`. */
  randn(numRows: number, numCols: number, seed: number | bigint | JavaRandom): DenseMatrix {
    const random = source(seed);
    return filled(numRows, numCols, () => random.nextGaussian());
  },
  horzcat: (matrices: readonly Matrix[]): Matrix => concatenate(matrices, false),
  vertcat: (matrices: readonly Matrix[]): Matrix => concatenate(matrices, true),
} as const;
