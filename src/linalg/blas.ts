import type { DenseMatrix, Matrix } from "./matrix.js";
import { SparseVector, Vector } from "./vector.js";
import { IllegalArgumentException } from "../common/index.js";

const requireSame = (ok: boolean, message: () => string): void => {
  if (!ok) throw new IllegalArgumentException(`requirement failed: ${message()}`);
};

/** x . y */
export function dot(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i] * y[i];
  return total;
}

/** Product of two vectors, with Spark's message when their sizes differ. */
export function dotVectors(x: Vector, y: Vector): number {
  requireSame(
    x.size === y.size,
    () =>
      `BLAS.dot(x: Vector, y:Vector) was given Vectors with non-matching sizes: x.size = ${x.size}, y.size = ${y.size}`,
  );
  return x.dot(y);
}

/** y += a x */
export function axpy(a: number, x: Float64Array | Vector, y: Float64Array): void {
  if (x instanceof SparseVector) {
    const { indices, values } = x;
    for (let k = 0; k < indices.length; k++) y[indices[k]] += a * values[k];
    return;
  }
  const values = x instanceof Vector ? x.values : x;
  for (let i = 0; i < values.length; i++) y[i] += a * values[i];
}

/** x *= a */
export function scal(a: number, x: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] *= a;
}

/** Euclidean norm. */
export function nrm2(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

/** Length of the upper triangle of an n x n matrix, stored column by column: element (i, j), i <= j, at i + j (j + 1) / 2. */
export const packedLength = (n: number): number => (n * (n + 1)) / 2;

/** U += a v v', U the packed upper triangle. */
export function spr(a: number, v: Vector | Float64Array, U: Float64Array): void {
  if (v instanceof SparseVector) {
    const { indices, values } = v;
    for (let q = 0; q < indices.length; q++) {
      const column = packedLength(indices[q]);
      const scaled = a * values[q];
      for (let p = 0; p <= q; p++) U[column + indices[p]] += scaled * values[p];
    }
    return;
  }
  const values = v instanceof Vector ? v.values : v;
  for (let j = 0, k = 0; j < values.length; j++) {
    const scaled = a * values[j];
    for (let i = 0; i <= j; i++) U[k++] += scaled * values[i];
  }
}

/** y = a A x + b y, A symmetric and packed. */
export function dspmv(n: number, a: number, A: Float64Array, x: Float64Array, b: number, y: Float64Array): void {
  if (b !== 1) scal(b, y.subarray(0, n));
  for (let j = 0, k = 0; j < n; j++) {
    const scaled = a * x[j];
    let across = 0;
    for (let i = 0; i < j; i++, k++) {
      y[i] += scaled * A[k];
      across += A[k] * x[i];
    }
    y[j] += scaled * A[k++] + a * across;
  }
}

/** A += a x x', A dense and symmetric. */
export function syr(a: number, x: Vector, A: DenseMatrix): void {
  const n = A.numRows;
  requireSame(
    n === A.numCols && n === x.size,
    () => `A is not a symmetric matrix of the size of x: ${A.numRows} x ${A.numCols}, x.size = ${x.size}`,
  );
  x.foreachActive((j, xj) => {
    const scaled = a * xj;
    x.foreachActive((i, xi) => (A.values[i + j * n] += scaled * xi));
  });
}

/** y = a A x + b y */
export function gemv(a: number, A: Matrix, x: Vector, b: number, y: Float64Array): void {
  requireSame(
    A.numCols === x.size,
    () => `The columns of A don't match the number of elements of x. A: ${A.numCols}, x: ${x.size}`,
  );
  requireSame(
    A.numRows === y.length,
    () => `The rows of A don't match the number of elements of y. A: ${A.numRows}, y: ${y.length}`,
  );
  if (b !== 1) scal(b, y);
  const right = x.toArray();
  A.foreachActive((i, j, v) => {
    y[i] += a * v * right[j];
  });
}

/** C = a A B + b C; C must not be transposed. */
export function gemm(a: number, A: Matrix, B: Matrix, b: number, C: DenseMatrix): void {
  requireSame(
    !C.isTransposed,
    () => "The matrix C cannot be the product of a transpose() call. C.isTransposed must be false.",
  );
  requireSame(
    A.numCols === B.numRows && A.numRows === C.numRows && B.numCols === C.numCols,
    () => `dimensions of A (${A.numRows}, ${A.numCols}), B (${B.numRows}, ${B.numCols}) and C do not fit`,
  );
  if (b !== 1) scal(b, C.values);
  const right = B.toColumnMajor();
  const { values, numRows, numCols } = C;
  A.foreachActive((i, k, v) => {
    const scaled = a * v;
    for (let j = 0; j < numCols; j++) values[i + j * numRows] += scaled * right[k + j * B.numRows];
  });
}
