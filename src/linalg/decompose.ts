import { EigenvalueDecomposition, Matrix as Grid, SingularValueDecomposition } from "ml-matrix";
import { DenseMatrix, type Matrix } from "./matrix.js";
import { packedLength } from "./blas.js";

const toGrid = (m: Matrix): Grid => new Grid(m.toArray() as unknown as number[][]);
function columns(grid: Grid, order: readonly number[]): DenseMatrix {
  const values = new Float64Array(grid.rows * order.length);
  order.forEach((from, j) => {
    for (let i = 0; i < grid.rows; i++) values[i + j * grid.rows] = grid.get(i, from);
  });
  return new DenseMatrix(grid.rows, order.length, values);
}

export interface SymmetricEigen {
  /** Largest first. */
  readonly values: Float64Array;
  /** One unit eigenvector a column. */
  readonly vectors: DenseMatrix;
}

/** Eigenvalues and vectors of a symmetric matrix. */
export function symmetricEigen(matrix: Matrix): SymmetricEigen {
  const found = new EigenvalueDecomposition(toGrid(matrix), { assumeSymmetric: true });
  const values = found.realEigenvalues;
  const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a]);
  return { values: Float64Array.from(order, (i) => values[i]), vectors: columns(found.eigenvectorMatrix, order) };
}

export interface Svd {
  readonly U: DenseMatrix;
  /** Largest first. */
  readonly s: Float64Array;
  readonly V: DenseMatrix;
}

/** Thin singular value decomposition U diag(s) V'. */
export function svd(matrix: Matrix): Svd {
  const found = new SingularValueDecomposition(toGrid(matrix), { autoTranspose: true });
  const order = found.diagonal.map((_, i) => i).sort((a, b) => found.diagonal[b] - found.diagonal[a]);
  return {
    U: columns(found.leftSingularVectors, order),
    s: Float64Array.from(order, (i) => found.diagonal[i]),
    V: columns(found.rightSingularVectors, order),
  };
}

/** Full symmetric matrix of a packed upper triangle. */
export function unpackSymmetric(n: number, packed: Float64Array): DenseMatrix {
  const values = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i <= j; i++) values[i + j * n] = values[j + i * n] = packed[packedLength(j) + i];
  }
  return new DenseMatrix(n, n, values);
}
