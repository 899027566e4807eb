import { IllegalArgumentException } from "../common/index.js";
import { packedLength } from "./blas.js";

/** A system cannot be solved because its matrix is not positive definite. */
export class SingularMatrixException extends IllegalArgumentException {}

/** Cholesky factor U (A = U' U) in place of the packed upper triangle A; 0, or the order of the minor that is not positive. */
function factor(n: number, A: Float64Array): number {
  for (let j = 0; j < n; j++) {
    const column = packedLength(j);
    let pivot = A[column + j];
    for (let i = 0; i < j; i++) {
      const other = packedLength(i);
      let v = A[column + i];
      for (let k = 0; k < i; k++) v -= A[other + k] * A[column + k];
      v /= A[other + i];
      A[column + i] = v;
      pivot -= v * v;
    }
    if (!(pivot > 0)) return j + 1;
    A[column + j] = Math.sqrt(pivot);
  }
  return 0;
}

function check(info: number, routine: string): void {
  if (info === 0) return;
  throw new SingularMatrixException(
    `lapack.${routine} returned ${info} because A is not positive definite. ` +
      "Is A derived from a singular matrix (e.g. collinear column values)?",
  );
}

/** Solves U' U x = b in place of b. */
function substitute(n: number, U: Float64Array, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const column = packedLength(i);
    let v = b[i];
    for (let k = 0; k < i; k++) v -= U[column + k] * b[k];
    b[i] = v / U[column + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    const column = packedLength(i);
    b[i] /= U[column + i];
    const v = b[i];
    for (let k = 0; k < i; k++) b[k] -= U[column + k] * v;
  }
}

/** Solves A x = b for a packed, positive definite A: `A` becomes its Cholesky factor, `b` the solution. */
export function solvePacked(A: Float64Array, b: Float64Array): Float64Array {
  check(factor(b.length, A), "dppsv");
  substitute(b.length, A, b);
  return b;
}

/** Packed inverse of the matrix whose packed Cholesky factor is `U`. */
export function invertPacked(U: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(packedLength(n));
  const e = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    if (U[packedLength(j) + j] === 0) check(j + 1, "dpptri");
    e.fill(0);
    e[j] = 1;
    substitute(n, U, e);
    for (let i = 0; i <= j; i++) inverse[packedLength(j) + i] = e[i];
  }
  return inverse;
}
