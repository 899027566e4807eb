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
let multipliers: f64 = 0;
let sigmaSlope: f64 = 0;

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
  multipliers = 0;
  sigmaSlope = 0;
  memory.fill(out, 0, HEADER + (<usize>d << 3));
}

// @ts-ignore: decorator
@inline
function finish(out: usize): void {
  store<f64>(out, loss);
  store<f64>(out, multipliers, 8);
  store<f64>(out, sigmaSlope, 16);
}

// @ts-ignore: decorator
@inline
function sumLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Dense row-major rows, four at a time: each row is read twice while it is in the first-level cache. */
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
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const a = x + <usize>r * stride;
    const b = a + stride;
    const c = b + stride;
    const e = c + stride;
    let sa = f64x2.splat(0);
    let sb = sa;
    let sc = sa;
    let se = sa;
    for (let o: usize = 0; o < even; o += 16) {
      const v = v128.load(w + o);
      sa = f64x2.add(sa, f64x2.mul(v, v128.load(a + o)));
      sb = f64x2.add(sb, f64x2.mul(v, v128.load(b + o)));
      sc = f64x2.add(sc, f64x2.mul(v, v128.load(c + o)));
      se = f64x2.add(se, f64x2.mul(v, v128.load(e + o)));
    }
    let ma = offset + sumLanes(sa);
    let mb = offset + sumLanes(sb);
    let mc = offset + sumLanes(sc);
    let me = offset + sumLanes(se);
    if (d & 1) {
      const v = load<f64>(w + even);
      ma += v * load<f64>(a + even);
      mb += v * load<f64>(b + even);
      mc += v * load<f64>(c + even);
      me += v * load<f64>(e + even);
    }
    const at = <usize>r << 3;
    const y = labels + at;
    const q = weights + at;
    ma = multiplier(kind, ma, load<f64>(y), weights == 0 ? 1 : load<f64>(q), sigma, epsilon);
    mb = multiplier(kind, mb, load<f64>(y, 8), weights == 0 ? 1 : load<f64>(q, 8), sigma, epsilon);
    mc = multiplier(kind, mc, load<f64>(y, 16), weights == 0 ? 1 : load<f64>(q, 16), sigma, epsilon);
    me = multiplier(kind, me, load<f64>(y, 24), weights == 0 ? 1 : load<f64>(q, 24), sigma, epsilon);
    const va = f64x2.splat(ma);
    const vb = f64x2.splat(mb);
    const vc = f64x2.splat(mc);
    const ve = f64x2.splat(me);
    for (let o: usize = 0; o < even; o += 16) {
      const left = f64x2.add(f64x2.mul(va, v128.load(a + o)), f64x2.mul(vb, v128.load(b + o)));
      const right = f64x2.add(f64x2.mul(vc, v128.load(c + o)), f64x2.mul(ve, v128.load(e + o)));
      v128.store(g + o, f64x2.add(v128.load(g + o), f64x2.add(left, right)));
    }
    if (d & 1) {
      const last =
        ma * load<f64>(a + even) + mb * load<f64>(b + even) + (mc * load<f64>(c + even) + me * load<f64>(e + even));
      store<f64>(g + even, load<f64>(g + even) + last);
    }
  }
  for (; r < rows; r++) {
    const row = x + <usize>r * stride;
    const at = <usize>r << 3;
    let m = offset;
    for (let o: usize = 0; o < stride; o += 8) m += load<f64>(row + o) * load<f64>(w + o);
    m = multiplier(kind, m, load<f64>(labels + at), weights == 0 ? 1 : load<f64>(weights + at), sigma, epsilon);
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
