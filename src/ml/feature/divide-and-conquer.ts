import { bidiagonalQr, type Columns, rotateColumns, swapColumns } from "./bidiagonal-qr.js";
import { EPSILON, rotationOf, withSign } from "./plane-rotations.js";
import { mergeBidiagonal, type Subproblem } from "./merge-bidiagonal.js";

/** Size up to which implicit QR solves a problem at once. */
export const LEAF = 25;

/**
 * Singular values of an upper bidiagonal matrix by divide and conquer, LAPACK's DBDSDC (Gu and Eisenstat, "A
 * divide-and-conquer algorithm for the bidiagonal SVD", 1995). `d` becomes the values in descending order and the
 * identity in the n by n column-major `u` the left vectors.
 */
export function divideAndConquer(d: Float64Array, e: Float64Array, u: Float64Array): void {
  const n = d.length;
  let norm = 0;
  for (const value of d) norm = Math.max(norm, Math.abs(value));
  for (const value of e) norm = Math.max(norm, Math.abs(value));
  if (norm === 0) return;
  for (let i = 0; i < n; i++) d[i] /= norm;
  for (let i = 0; i < n - 1; i++) e[i] /= norm;
  for (let i = 0; i < n; i++) if (Math.abs(d[i]) < EPSILON) d[i] = withSign(EPSILON, d[i]);
  let start = 0;
  for (let i = 0; i < n; i++) {
    if (i < n - 1 && Math.abs(e[i]) >= EPSILON) continue;
    solveBlock(d, e, u, n, start, i + 1);
    start = i + 1;
  }
  for (let i = 0; i < n; i++) d[i] *= norm;
  sortDescending(d, { rows: n, values: u });
}

/** Solves rows `start..end`, which no element ties to the rest. */
function solveBlock(d: Float64Array, e: Float64Array, u: Float64Array, n: number, start: number, end: number): void {
  const size = end - start;
  if (size === 1) {
    u[start * n + start] = withSign(1, d[start]);
    d[start] = Math.abs(d[start]);
    return;
  }
  const levels = size <= LEAF ? 0 : Math.trunc(Math.log(size / (LEAF + 1)) / Math.log(2)) + 1;
  const solved = solve(d, e, start, size, 0, levels);
  d.set(solved.d, start);
  for (let c = 0; c < size; c++) {
    for (let r = 0; r < size; r++) u[(start + c) * n + start + r] = solved.u.values[c * size + r];
  }
}

/** Solves `size` rows from `start`, with `extra` (0 or 1) more columns than rows. */
function solve(
  d: Float64Array,
  e: Float64Array,
  start: number,
  size: number,
  extra: number,
  levels: number,
): Subproblem {
  if (levels === 0) return solveLeaf(d.slice(start, start + size), e.slice(start, start + size - 1 + extra), extra);
  const left = size >> 1;
  const middle = start + left;
  return mergeBidiagonal(
    solve(d, e, start, left, 1, levels - 1),
    solve(d, e, middle + 1, size - left - 1, extra, levels - 1),
    d[middle],
    e[middle],
    extra,
  );
}

const identity = (n: number): Columns => {
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) values[i * n + i] = 1;
  return { rows: n, values };
};

/** DLASDQ: a matrix with one more column than rows is rotated to a square one first. */
function solveLeaf(d: Float64Array, e: Float64Array, extra: number): Subproblem {
  const n = d.length;
  const u = identity(n);
  const v = identity(n + extra);
  if (extra === 1) {
    const wide = new Float64Array(n);
    wide.set(e);
    for (let i = 0; i < n; i++) {
      const { cos, sin, r } = rotationOf(d[i], wide[i]);
      d[i] = r;
      if (i < n - 1) {
        wide[i] = sin * d[i + 1];
        d[i + 1] *= cos;
      } else wide[i] = 0;
      rotateColumns(v, i, cos, sin);
    }
    for (let i = 0; i < n - 1; i++) {
      const { cos, sin, r } = rotationOf(d[i], wide[i]);
      d[i] = r;
      wide[i] = sin * d[i + 1];
      d[i + 1] *= cos;
      rotateColumns(u, i, cos, sin);
    }
    e = wide.subarray(0, n - 1);
  }
  bidiagonalQr(d, e, u, v);
  // The larger values come first; `order` visits them ascending.
  return { d, u, v, order: Int32Array.from({ length: n }, (_, i) => n - 1 - i) };
}

function sortDescending(d: Float64Array, u: Columns): void {
  for (let i = 0; i < d.length - 1; i++) {
    let largest = i;
    for (let j = i + 1; j < d.length; j++) if (d[j] > d[largest]) largest = j;
    if (largest === i) continue;
    [d[i], d[largest]] = [d[largest], d[i]];
    swapColumns(u, i, largest);
  }
}
