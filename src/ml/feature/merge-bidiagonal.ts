import { type Columns } from "./bidiagonal-qr.js";
import { EPSILON, withSign } from "./plane-rotations.js";
import { secularRoot } from "./secular-root.js";

/** A solved bidiagonal matrix of n rows: values, left vectors (n by n), right vectors (square, of its columns). */
export interface Subproblem {
  readonly d: Float64Array;
  readonly u: Columns;
  readonly v: Columns;
  /** Positions of the values in ascending order. */
  readonly order: Int32Array;
}

/** A value that takes part in a merge, with its vectors and its share of the row that joins the halves. */
interface Entry {
  readonly d: number;
  z: number;
  u: Float64Array;
  v: Float64Array;
}

/**
 * Joins two solved halves by the row (`alpha`, `beta`) between them: LAPACK's DLASD1. `extra` (0 or 1): how many more
 * columns than rows the right half, and so the whole, has.
 */
export function mergeBidiagonal(
  left: Subproblem,
  right: Subproblem,
  alpha: number,
  beta: number,
  extra: number,
): Subproblem {
  const nl = left.d.length;
  const n = nl + right.d.length + 1;
  const m = n + extra;
  const norm = [...left.d, ...right.d].reduce(
    (most, d) => Math.max(most, Math.abs(d)),
    Math.max(Math.abs(alpha), Math.abs(beta)),
  );
  const [a, b] = [alpha / norm, beta / norm];
  const pick = (half: Subproblem, k: number, scale: number, row: number, top: number): Entry => ({
    d: half.d[k] / norm,
    z: scale * half.v.values[k * half.v.rows + row],
    u: placed(column(half.u, k), top, n),
    v: placed(column(half.v, k), top, m),
  });
  const lows = Array.from(left.order, (k) => pick(left, k, a, nl, 0));
  const highs = Array.from(right.order, (k) => pick(right, k, b, 0, nl + 1));
  const entries = mergeSorted(lows, highs);

  const leftNull = placed(column(left.v, nl), 0, m);
  const z1 = a * left.v.values[nl * left.v.rows + nl];
  const tolerance = 8 * EPSILON * Math.max(entries[entries.length - 1]?.d ?? 0, Math.abs(a), Math.abs(b));
  const middle = new Float64Array(n);
  middle[nl] = 1;
  const first: Entry = { d: 0, z: Math.abs(z1) <= tolerance ? tolerance : z1, u: middle, v: leftNull };
  let lastNull: Float64Array | undefined;
  if (extra === 1) {
    const nr = right.d.length;
    const rightNull = placed(column(right.v, nr), nl + 1, m);
    lastNull = joinNulls(first, z1, b * right.v.values[nr * right.v.rows], rightNull, tolerance);
  }
  const { kept, deflated } = deflate(entries, tolerance);
  const solved = solveSecular([first, ...kept], tolerance);
  return assemble([...solved, ...deflated], solved.length, n, m, norm, lastNull);
}

const column = ({ rows, values }: Columns, k: number): Float64Array => values.subarray(k * rows, (k + 1) * rows);

function placed(part: Float64Array, top: number, length: number): Float64Array {
  const out = new Float64Array(length);
  out.set(part, top);
  return out;
}

function mergeSorted(a: readonly Entry[], b: readonly Entry[]): Entry[] {
  const out: Entry[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) out.push(j === b.length || (i < a.length && a[i].d <= b[j].d) ? a[i++] : b[j++]);
  return out;
}

/** Turns the two null vectors so that one carries the whole of `z` and the other none, and returns that other one. */
function joinNulls(first: Entry, z1: number, zm: number, rightNull: Float64Array, tolerance: number): Float64Array {
  const length = Math.hypot(z1, zm);
  const [cos, sin] = length <= tolerance ? [1, 0] : [z1 / length, zm / length];
  first.z = length <= tolerance ? tolerance : length;
  const leftNull = first.v;
  first.v = leftNull.map((value, k) => cos * value + sin * rightNull[k]);
  return leftNull.map((value, k) => cos * rightNull[k] - sin * value);
}

/** Sets entries aside that the joining row does not touch, after turning pairs of equal values so that it touches one. */
function deflate(entries: readonly Entry[], tolerance: number): { kept: Entry[]; deflated: Entry[] } {
  const kept: Entry[] = [];
  const deflated: Entry[] = [];
  let previous: Entry | undefined;
  for (const entry of entries) {
    if (Math.abs(entry.z) <= tolerance) {
      deflated.unshift(entry);
      continue;
    }
    if (previous && Math.abs(entry.d - previous.d) <= tolerance) {
      const length = Math.hypot(entry.z, previous.z);
      const [cos, sin] = [entry.z / length, -previous.z / length];
      entry.z = length;
      previous.z = 0;
      const [u, v] = [previous.u, previous.v];
      previous.u = u.map((value, k) => cos * value + sin * entry.u[k]);
      previous.v = v.map((value, k) => cos * value + sin * entry.v[k]);
      entry.u = entry.u.map((value, k) => cos * value - sin * u[k]);
      entry.v = entry.v.map((value, k) => cos * value - sin * v[k]);
      deflated.unshift(previous);
    } else if (previous) kept.push(previous);
    previous = entry;
  }
  if (previous) kept.push(previous);
  return { kept, deflated };
}

/** DLASD3: values and vectors of the matrix whose first row is `z` and whose diagonal is `d`. */
function solveSecular(entries: readonly Entry[], tolerance: number): Entry[] {
  const k = entries.length;
  if (k === 1) {
    const [{ z, u, v }] = entries;
    return [{ d: Math.abs(z), z: 0, u: z > 0 ? u : u.map((value) => -value), v }];
  }
  const d = Float64Array.from(entries, (entry) => entry.d);
  if (Math.abs(d[1]) <= tolerance / 2) d[1] = tolerance / 2;
  const z = Float64Array.from(entries, (entry) => entry.z);
  const roots = Array.from(d, (_, i) => secularRoot(d, z, i));
  // The z for which the roots are exact (Gu and Eisenstat, 1994): then the vectors are orthogonal.
  const exact = z.map((value, i) => {
    let product = roots[k - 1].differences[i] * roots[k - 1].sums[i];
    for (let j = 0; j < k - 1; j++) {
      const other = d[j < i ? j : j + 1];
      product *= (roots[j].differences[i] * roots[j].sums[i]) / (d[i] - other) / (d[i] + other);
    }
    return withSign(Math.sqrt(Math.abs(product)), value);
  });
  return roots.map(({ value, differences, sums }) => {
    const right = exact.map((zj, j) => zj / differences[j] / sums[j]);
    const left = right.map((entry, j) => (j === 0 ? -1 : d[j] * entry));
    return {
      d: value,
      z: 0,
      u: combination(
        entries.map((entry) => entry.u),
        left,
      ),
      v: combination(
        entries.map((entry) => entry.v),
        right,
      ),
    };
  });
}

/** Sum of the vectors with these weights, scaled to weights of length 1. */
function combination(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  const out = new Float64Array(vectors[0].length);
  vectors.forEach((vector, j) => {
    const weight = weights[j] / length;
    for (let r = 0; r < out.length; r++) out[r] += weight * vector[r];
  });
  return out;
}

function assemble(
  entries: readonly Entry[],
  solved: number,
  n: number,
  m: number,
  norm: number,
  lastNull: Float64Array | undefined,
): Subproblem {
  const u = { rows: n, values: new Float64Array(n * n) };
  const v = { rows: m, values: new Float64Array(m * m) };
  entries.forEach((entry, k) => {
    u.values.set(entry.u, k * n);
    v.values.set(entry.v, k * m);
  });
  if (lastNull) v.values.set(lastNull, n * m);
  const d = Float64Array.from(entries, (entry) => entry.d * norm);
  // The solved values ascend, those set aside descend.
  const order: number[] = [];
  let i = 0;
  let j = n - 1;
  while (i < solved || j >= solved) order.push(j < solved || (i < solved && d[i] <= d[j]) ? i++ : j--);
  return { d, u, v, order: Int32Array.from(order) };
}
