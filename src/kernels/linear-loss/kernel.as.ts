import { dot, sumLanes } from "./dot.as";
import { expNegative, logOnePlus } from "./exp-log.as";

// Losses of a linear model with one margin a row: value, sum of multipliers and gradient, in one sweep over the rows.
//
// Row i has margin m = offset + x_i . w. `out` receives [loss, sum of multipliers, derivative by sigma, gradient(d)],
// where the gradient is sum(multiplier_i * x_i). Weights may be null (all 1).

/** Kinds of loss; the same numbers are in index.ts. */
const LOGISTIC: i32 = 0;
const SQUARED: i32 = 1;
const HUBER: i32 = 2;
const HEADER: usize = 24;

// What the loss of one row adds, besides its multiplier: module globals, since an instance runs on one thread.
let loss: f64 = 0;
let losses: v128 = f64x2.splat(0);
let multipliers: f64 = 0;
let sigmaSlope: f64 = 0;

/** Adds the logistic loss of two rows to `losses` and returns their multipliers. */
// @ts-ignore: decorator
@inline
function logistic2(margin: v128, label: v128, weight: v128): v128 {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const e = expNegative(f64x2.neg(f64x2.abs(margin)));
  const u = f64x2.add(one, e);
  const q = f64x2.div(one, u);
  const p = f64x2.mul(q, v128.bitselect(one, e, f64x2.ge(margin, zero)));
  // log(1 + exp(-margin)), plus the margin for label 0
  const wrong = v128.bitselect(f64x2.neg(margin), margin, f64x2.gt(label, zero));
  const loss2 = f64x2.mul(weight, f64x2.add(logOnePlus(e, u, q), f64x2.max(wrong, zero)));
  const counted = f64x2.gt(weight, zero);
  losses = f64x2.add(losses, v128.and(counted, loss2));
  return v128.and(counted, f64x2.mul(weight, f64x2.sub(p, label)));
}

/** Adds the row's loss and returns its multiplier, the loss's derivative by the margin. */
// @ts-ignore: decorator
@inline
function multiplier(kind: i32, margin: f64, label: f64, weight: f64, sigma: f64, epsilon: f64): f64 {
  if (!(weight > 0)) return 0;
  let m: f64 = 0;
  if (kind == LOGISTIC) {
    const e = Math.exp(-Math.abs(margin));
    const rest = Math.log1p(e);
    const p = margin >= 0 ? 1 / (1 + e) : e / (1 + e);
    // log(1 + exp(-margin)), plus the margin for label 0
    loss += weight * (rest + (label > 0 ? Math.max(-margin, 0) : Math.max(margin, 0)));
    m = weight * (p - label);
  } else if (kind == SQUARED) {
    const d = margin - label / sigma;
    loss += (weight * d * d) / 2;
    m = weight * d;
  } else {
    const d = label - margin;
    if (Math.abs(d) <= sigma * epsilon) {
      const s = d / sigma;
      loss += 0.5 * weight * (sigma + (d * d) / sigma);
      m = -weight * s;
      sigmaSlope += 0.5 * weight * (1 - s * s);
    } else {
      loss += 0.5 * weight * (sigma + 2 * epsilon * Math.abs(d) - sigma * epsilon * epsilon);
      m = d >= 0 ? -weight * epsilon : weight * epsilon;
      sigmaSlope += 0.5 * weight * (1 - epsilon * epsilon);
    }
  }
  multipliers += m;
  return m;
}

// @ts-ignore: decorator
@inline
function begin(out: usize, d: i32): void {
  loss = 0;
  losses = f64x2.splat(0);
  multipliers = 0;
  sigmaSlope = 0;
  memory.fill(out, 0, HEADER + (<usize>d << 3));
}

// @ts-ignore: decorator
@inline
function finish(out: usize): void {
  store<f64>(out, loss + sumLanes(losses));
  store<f64>(out, multipliers, 8);
  store<f64>(out, sigmaSlope, 16);
}

// @ts-ignore: decorator
@inline
function pair(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}

// @ts-ignore: decorator
@inline
function multiplier2(kind: i32, margin: v128, label: v128, weight: v128, sigma: f64, epsilon: f64): v128 {
  const m0 = f64x2.extract_lane(margin, 0);
  const m1 = f64x2.extract_lane(margin, 1);
  const y0 = f64x2.extract_lane(label, 0);
  const y1 = f64x2.extract_lane(label, 1);
  const a = multiplier(kind, m0, y0, f64x2.extract_lane(weight, 0), sigma, epsilon);
  const b = multiplier(kind, m1, y1, f64x2.extract_lane(weight, 1), sigma, epsilon);
  return pair(a, b);
}

/** Dense row-major rows, four at a time: the gradient is loaded and stored once for the four. */
export function linear_loss_dense(
  kind: i32,
  x: usize,
  labels: usize,
  weights: usize,
  rows: i32,
  d: i32,
  w: usize,
  offset: f64,
  sigma: f64,
  epsilon: f64,
  out: usize,
): void {
  begin(out, d);
  const g = out + HEADER;
  const stride = <usize>d << 3;
  const even = <usize>(d & ~1) << 3;
  const one = f64x2.splat(1);
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const a = x + <usize>r * stride;
    const b = a + stride;
    const c = b + stride;
    const e = c + stride;
    const ma = dot(a, w, d);
    const mb = dot(b, w, d);
    const mc = dot(c, w, d);
    const me = dot(e, w, d);
    let mab = f64x2.add(f64x2.splat(offset), pair(ma, mb));
    let mce = f64x2.add(f64x2.splat(offset), pair(mc, me));
    const at = <usize>r << 3;
    const y = labels + at;
    const q = weights + at;
    const wab = weights == 0 ? one : v128.load(q);
    const wce = weights == 0 ? one : v128.load(q, 16);
    if (kind == LOGISTIC) {
      mab = logistic2(mab, v128.load(y), wab);
      mce = logistic2(mce, v128.load(y, 16), wce);
      multipliers += sumLanes(f64x2.add(mab, mce));
    } else {
      mab = multiplier2(kind, mab, v128.load(y), wab, sigma, epsilon);
      mce = multiplier2(kind, mce, v128.load(y, 16), wce, sigma, epsilon);
    }
    const va = v128.shuffle<f64>(mab, mab, 0, 0);
    const vb = v128.shuffle<f64>(mab, mab, 1, 1);
    const vc = v128.shuffle<f64>(mce, mce, 0, 0);
    const ve = v128.shuffle<f64>(mce, mce, 1, 1);
    for (let o: usize = 0; o < even; o += 16) {
      const left = f64x2.add(f64x2.mul(va, v128.load(a + o)), f64x2.mul(vb, v128.load(b + o)));
      const right = f64x2.add(f64x2.mul(vc, v128.load(c + o)), f64x2.mul(ve, v128.load(e + o)));
      v128.store(g + o, f64x2.add(v128.load(g + o), f64x2.add(left, right)));
    }
    if (d & 1) {
      const left = f64x2.mul(mab, pair(load<f64>(a + even), load<f64>(b + even)));
      const right = f64x2.mul(mce, pair(load<f64>(c + even), load<f64>(e + even)));
      store<f64>(g + even, load<f64>(g + even) + sumLanes(f64x2.add(left, right)));
    }
  }
  for (; r < rows; r++) {
    const row = x + <usize>r * stride;
    const at = <usize>r << 3;
    const weight = weights == 0 ? 1 : load<f64>(weights + at);
    const m = multiplier(kind, offset + dot(row, w, d), load<f64>(labels + at), weight, sigma, epsilon);
    for (let o: usize = 0; o < stride; o += 8) store<f64>(g + o, load<f64>(g + o) + m * load<f64>(row + o));
  }
  finish(out);
}

/** Rows `start` to `end` in CSR: `offsets` i32[rows + 1], `indices` i32, `values` f64. */
export function linear_loss_csr(
  kind: i32,
  values: usize,
  indices: usize,
  offsets: usize,
  labels: usize,
  weights: usize,
  start: i32,
  end: i32,
  d: i32,
  w: usize,
  offset: f64,
  sigma: f64,
  epsilon: f64,
  out: usize,
): void {
  begin(out, d);
  const g = out + HEADER;
  for (let r = start; r < end; r++) {
    const from = load<i32>(offsets + (<usize>r << 2));
    const to = load<i32>(offsets + (<usize>r << 2), 4);
    const at = <usize>r << 3;
    let m = offset;
    for (let k = from; k < to; k++) {
      const j = <usize>load<i32>(indices + (<usize>k << 2));
      m += load<f64>(values + (<usize>k << 3)) * load<f64>(w + (j << 3));
    }
    m = multiplier(kind, m, load<f64>(labels + at), weights == 0 ? 1 : load<f64>(weights + at), sigma, epsilon);
    if (m == 0) continue;
    for (let k = from; k < to; k++) {
      const cell = g + (<usize>load<i32>(indices + (<usize>k << 2)) << 3);
      store<f64>(cell, load<f64>(cell) + m * load<f64>(values + (<usize>k << 3)));
    }
  }
  finish(out);
}
