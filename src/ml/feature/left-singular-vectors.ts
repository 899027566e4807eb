import { bidiagonalQr } from "./bidiagonal-qr.js";
import { divideAndConquer, LEAF } from "./divide-and-conquer.js";
import { withSign } from "./plane-rotations.js";

/** Left singular vectors (n by n, column-major, in the order of the values) and singular values, largest first. */
export interface LeftSingularVectors {
  readonly vectors: Float64Array;
  readonly values: Float64Array;
}

/**
 * Singular value decomposition of a square column-major matrix, which is overwritten: Householder bidiagonalisation, then
 * implicit QR or divide and conquer. The steps are those of LAPACK's reference DGESDD, which Spark calls, so that the
 * signs agree with Spark's.
 */
export function leftSingularVectors(a: Float64Array, n: number): LeftSingularVectors {
  if (a.some(Number.isNaN)) {
    return { vectors: new Float64Array(n * n).fill(Number.NaN), values: new Float64Array(n).fill(Number.NaN) };
  }
  const d = new Float64Array(n);
  const e = new Float64Array(Math.max(n - 1, 0));
  const tau = bidiagonalize(a, n, d, e);
  const u = new Float64Array(n * n);
  for (let i = 0; i < n; i++) u[i * n + i] = 1;
  if (n <= LEAF) bidiagonalQr(d, e, { rows: n, values: u });
  else divideAndConquer(d, e, u);
  for (let i = n - 1; i >= 0; i--) {
    const diagonal = a[i * n + i];
    a[i * n + i] = 1;
    reflectRows(u, n, i, 0, a.subarray(i * n + i, (i + 1) * n), tau[i]);
    a[i * n + i] = diagonal;
  }
  return { vectors: u, values: d };
}

/** DGEBD2: leaves the reflectors of the columns below the diagonal of `a` and returns their scales. */
function bidiagonalize(a: Float64Array, n: number, d: Float64Array, e: Float64Array): Float64Array {
  const tau = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const column = a.subarray(i * n + i, (i + 1) * n);
    tau[i] = reflector(column);
    d[i] = column[0];
    if (i === n - 1) break;
    column[0] = 1;
    reflectRows(a, n, i, i + 1, column, tau[i]);
    column[0] = d[i];
    const row = Float64Array.from({ length: n - i - 1 }, (_, k) => a[(i + 1 + k) * n + i]);
    const scale = reflector(row);
    e[i] = row[0];
    row[0] = 1;
    reflectColumns(a, n, i + 1, row, scale);
  }
  return tau;
}

/** DLARFG: turns `x` into the reflector that maps it to a multiple of the first axis (left in `x[0]`); gives its scale. */
function reflector(x: Float64Array): number {
  if (x.length <= 1) return 0;
  const rest = norm(x.subarray(1));
  if (rest === 0) return 0;
  const alpha = x[0];
  const beta = -withSign(hypotenuse(alpha, rest), alpha);
  const factor = 1 / (alpha - beta);
  for (let k = 1; k < x.length; k++) x[k] *= factor;
  x[0] = beta;
  return (beta - alpha) / beta;
}

function norm(x: Float64Array): number {
  if (x.length === 1) return Math.abs(x[0]);
  let scale = 0;
  let squares = 1;
  for (const value of x) {
    if (value === 0) continue;
    const size = Math.abs(value);
    if (scale < size) {
      squares = 1 + squares * ((scale / size) * (scale / size));
      scale = size;
    } else squares += (size / scale) * (size / scale);
  }
  return scale * Math.sqrt(squares);
}

function hypotenuse(x: number, y: number): number {
  const large = Math.max(Math.abs(x), Math.abs(y));
  const small = Math.min(Math.abs(x), Math.abs(y));
  return small === 0 ? large : large * Math.sqrt(1 + (small / large) * (small / large));
}

/** Applies `I - tau v v'` from the left to rows `top..` and columns `left..`. */
function reflectRows(a: Float64Array, n: number, top: number, left: number, v: Float64Array, tau: number): void {
  if (tau === 0) return;
  for (let j = left; j < n; j++) {
    const at = j * n + top;
    let dot = 0;
    for (let k = 0; k < v.length; k++) dot += a[at + k] * v[k];
    if (dot === 0) continue;
    const factor = -tau * dot;
    for (let k = 0; k < v.length; k++) a[at + k] += v[k] * factor;
  }
}

/** Applies `I - tau v v'` from the right to the rows and columns from `top` on. */
function reflectColumns(a: Float64Array, n: number, top: number, v: Float64Array, tau: number): void {
  if (tau === 0) return;
  const products = new Float64Array(n - top);
  for (let j = 0; j < v.length; j++) {
    if (v[j] === 0) continue;
    const at = (top + j) * n + top;
    for (let k = 0; k < products.length; k++) products[k] += v[j] * a[at + k];
  }
  for (let j = 0; j < v.length; j++) {
    if (v[j] === 0) continue;
    const at = (top + j) * n + top;
    const factor = -tau * v[j];
    for (let k = 0; k < products.length; k++) a[at + k] += products[k] * factor;
  }
}
