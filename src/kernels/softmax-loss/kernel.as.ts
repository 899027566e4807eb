import { dot, sumLanes } from "../linear-loss/dot.as";
import { expNegative } from "../linear-loss/exp-log.as";

// Multinomial logistic loss: value, sum of multipliers by class and gradient, in one sweep over the rows.
//
// Row i has margins m_c = offsets[c] + x_i . w_c and multipliers weight * (softmax(m)_c - [label == c]).
// `out` receives [loss, sum of multipliers (k), gradient (k * d)]. Dense: `w` and the gradient class by class (c * d + j).
// CSR: feature by feature (j * k + c), so that one stored value meets a stretch of all classes. Weights may be null.

/** Turns margins (every `step` bytes) into multipliers in place, adds them to `sums`, returns the row's loss. */
// @ts-ignore: decorator
@inline
function multipliers(m: usize, step: usize, k: i32, label: i32, weight: f64, sums: usize): f64 {
  let most = load<f64>(m);
  for (let c = 1; c < k; c++) most = max(most, load<f64>(m + <usize>c * step));
  const own = load<f64>(m + <usize>label * step) - most;
  let total: f64 = 0;
  for (let c = 0; c < k; c++) {
    const at = m + <usize>c * step;
    const e = Math.exp(load<f64>(at) - most);
    store<f64>(at, e);
    total += e;
  }
  const scale = weight / total;
  for (let c = 0; c < k; c++) {
    const at = m + <usize>c * step;
    const v = load<f64>(at) * scale - (c == label ? weight : 0);
    store<f64>(at, v);
    const sum = sums + (<usize>c << 3);
    store<f64>(sum, load<f64>(sum) + v);
  }
  return weight * (Math.log(total) - own);
}

const TILE: i32 = 4;

/**
 * The same for four rows at once, whose margins of a class lie side by side (32 bytes a class).
 * Of the four only the first `count` exist.
 */
// @ts-ignore: decorator
@inline
function multipliers4(m: usize, k: i32, labels: usize, weights: usize, count: i32, sums: usize): f64 {
  let most0 = v128.load(m);
  let most1 = v128.load(m, 16);
  for (let c = 1; c < k; c++) {
    const at = m + (<usize>c << 5);
    most0 = f64x2.pmax(most0, v128.load(at));
    most1 = f64x2.pmax(most1, v128.load(at, 16));
  }
  for (let c = 0; c < k; c++) {
    const at = m + (<usize>c << 5);
    v128.store(at, f64x2.sub(v128.load(at), most0));
    v128.store(at, f64x2.sub(v128.load(at, 16), most1), 16);
  }
  let total0 = f64x2.splat(0);
  let total1 = total0;
  let loss: f64 = 0;
  for (let t = 0; t < TILE; t++) {
    const row = <usize>t << 3;
    const weight = weightAt(weights, t, count);
    if (weight > 0) loss -= weight * load<f64>(m + (<usize>load<f64>(labels + row) << 5) + row);
  }
  for (let c = 0; c < k; c++) {
    const at = m + (<usize>c << 5);
    const e0 = expNegative(v128.load(at));
    const e1 = expNegative(v128.load(at, 16));
    total0 = f64x2.add(total0, e0);
    total1 = f64x2.add(total1, e1);
    v128.store(at, e0);
    v128.store(at, e1, 16);
  }
  const w0 = weightAt(weights, 0, count);
  const w1 = weightAt(weights, 1, count);
  const w2 = weightAt(weights, 2, count);
  const w3 = weightAt(weights, 3, count);
  if (w0 > 0) loss += w0 * Math.log(f64x2.extract_lane(total0, 0));
  if (w1 > 0) loss += w1 * Math.log(f64x2.extract_lane(total0, 1));
  if (w2 > 0) loss += w2 * Math.log(f64x2.extract_lane(total1, 0));
  if (w3 > 0) loss += w3 * Math.log(f64x2.extract_lane(total1, 1));
  const scale0 = f64x2.div(f64x2.replace_lane(f64x2.splat(w0), 1, w1), total0);
  const scale1 = f64x2.div(f64x2.replace_lane(f64x2.splat(w2), 1, w3), total1);
  for (let c = 0; c < k; c++) {
    const at = m + (<usize>c << 5);
    v128.store(at, f64x2.mul(scale0, v128.load(at)));
    v128.store(at, f64x2.mul(scale1, v128.load(at, 16)), 16);
  }
  for (let t = 0; t < TILE; t++) {
    const weight = weightAt(weights, t, count);
    if (!(weight > 0)) continue;
    const row = <usize>t << 3;
    const own = m + (<usize>load<f64>(labels + row) << 5) + row;
    store<f64>(own, load<f64>(own) - weight);
  }
  for (let c = 0; c < k; c++) {
    const at = m + (<usize>c << 5);
    const sum = sums + (<usize>c << 3);
    store<f64>(sum, load<f64>(sum) + sumLanes(f64x2.add(v128.load(at), v128.load(at, 16))));
  }
  return loss;
}

// @ts-ignore: decorator
@inline
function weightAt(weights: usize, t: i32, count: i32): f64 {
  if (t >= count) return 0;
  return weights == 0 ? 1 : load<f64>(weights + (<usize>t << 3));
}

/** Dense row-major rows, four at a time. `margins` is scratch for 4 * k doubles. */
export function softmax_loss_dense(
  x: usize,
  labels: usize,
  weights: usize,
  rows: i32,
  d: i32,
  k: i32,
  w: usize,
  offsets: usize,
  margins: usize,
  out: usize,
): void {
  const stride = <usize>d << 3;
  const even = <usize>(d & ~1) << 3;
  const sums = out + 8;
  const gradient = sums + (<usize>k << 3);
  memory.fill(out, 0, 8 + (<usize>k << 3) + <usize>k * stride);
  let loss: f64 = 0;
  for (let r = 0; r < rows; r += TILE) {
    // Rows beyond the end repeat the last one with weight 0.
    const last = rows - 1;
    const a = x + <usize>r * stride;
    const b = x + <usize>min(r + 1, last) * stride;
    const c = x + <usize>min(r + 2, last) * stride;
    const e = x + <usize>min(r + 3, last) * stride;
    // The first class reads row after row, as hardware prefetching likes it; the others find the rows in the cache.
    const first = load<f64>(offsets);
    store<f64>(margins, first + dot(a, w, d));
    store<f64>(margins, first + dot(b, w, d), 8);
    store<f64>(margins, first + dot(c, w, d), 16);
    store<f64>(margins, first + dot(e, w, d), 24);
    for (let i = 1; i < k; i++) {
      const wi = w + <usize>i * stride;
      let sa = f64x2.splat(0);
      let sb = sa;
      let sc = sa;
      let se = sa;
      for (let o: usize = 0; o < even; o += 16) {
        const v = v128.load(wi + o);
        sa = f64x2.add(sa, f64x2.mul(v, v128.load(a + o)));
        sb = f64x2.add(sb, f64x2.mul(v, v128.load(b + o)));
        sc = f64x2.add(sc, f64x2.mul(v, v128.load(c + o)));
        se = f64x2.add(se, f64x2.mul(v, v128.load(e + o)));
      }
      const v = d & 1 ? load<f64>(wi + even) : 0;
      const offset = load<f64>(offsets + (<usize>i << 3));
      const m = margins + (<usize>i << 5);
      store<f64>(m, offset + sumLanes(sa) + (d & 1 ? v * load<f64>(a + even) : 0));
      store<f64>(m, offset + sumLanes(sb) + (d & 1 ? v * load<f64>(b + even) : 0), 8);
      store<f64>(m, offset + sumLanes(sc) + (d & 1 ? v * load<f64>(c + even) : 0), 16);
      store<f64>(m, offset + sumLanes(se) + (d & 1 ? v * load<f64>(e + even) : 0), 24);
    }
    const at = <usize>r << 3;
    loss += multipliers4(margins, k, labels + at, weights == 0 ? 0 : weights + at, rows - r, sums);
    for (let i = 0; i < k; i++) {
      const m = margins + (<usize>i << 5);
      const g = gradient + <usize>i * stride;
      const va = v128.load_splat<f64>(m);
      const vb = v128.load_splat<f64>(m, 8);
      const vc = v128.load_splat<f64>(m, 16);
      const ve = v128.load_splat<f64>(m, 24);
      for (let o: usize = 0; o < even; o += 16) {
        const left = f64x2.add(f64x2.mul(va, v128.load(a + o)), f64x2.mul(vb, v128.load(b + o)));
        const right = f64x2.add(f64x2.mul(vc, v128.load(c + o)), f64x2.mul(ve, v128.load(e + o)));
        v128.store(g + o, f64x2.add(v128.load(g + o), f64x2.add(left, right)));
      }
      if (d & 1) {
        const left = load<f64>(m) * load<f64>(a + even) + load<f64>(m, 8) * load<f64>(b + even);
        const right = load<f64>(m, 16) * load<f64>(c + even) + load<f64>(m, 24) * load<f64>(e + even);
        store<f64>(g + even, load<f64>(g + even) + (left + right));
      }
    }
  }
  store<f64>(out, loss);
}

/** y += a x over k doubles. */
// @ts-ignore: decorator
@inline
function axpy(k: i32, a: f64, x: usize, y: usize): void {
  const v = f64x2.splat(a);
  const even = <usize>(k & ~1) << 3;
  for (let o: usize = 0; o < even; o += 16) {
    v128.store(y + o, f64x2.add(v128.load(y + o), f64x2.mul(v, v128.load(x + o))));
  }
  if (k & 1) store<f64>(y + even, load<f64>(y + even) + a * load<f64>(x + even));
}

/** Rows `start` to `end` in CSR. `margins` is scratch for k doubles. */
export function softmax_loss_csr(
  values: usize,
  indices: usize,
  rowOffsets: usize,
  labels: usize,
  weights: usize,
  start: i32,
  end: i32,
  d: i32,
  k: i32,
  w: usize,
  offsets: usize,
  margins: usize,
  out: usize,
): void {
  const width = <usize>k << 3;
  const sums = out + 8;
  const gradient = sums + width;
  memory.fill(out, 0, 8 + width + <usize>d * width);
  let loss: f64 = 0;
  for (let r = start; r < end; r++) {
    const at = <usize>r << 3;
    const weight = weights == 0 ? 1 : load<f64>(weights + at);
    if (!(weight > 0)) continue;
    const from = load<i32>(rowOffsets + (<usize>r << 2));
    const to = load<i32>(rowOffsets + (<usize>r << 2), 4);
    memory.copy(margins, offsets, width);
    for (let i = from; i < to; i++) {
      const j = <usize>load<i32>(indices + (<usize>i << 2));
      axpy(k, load<f64>(values + (<usize>i << 3)), w + j * width, margins);
    }
    loss += multipliers(margins, 8, k, <i32>load<f64>(labels + at), weight, sums);
    for (let i = from; i < to; i++) {
      const j = <usize>load<i32>(indices + (<usize>i << 2));
      axpy(k, load<f64>(values + (<usize>i << 3)), margins, gradient + j * width);
    }
  }
  store<f64>(out, loss);
}
