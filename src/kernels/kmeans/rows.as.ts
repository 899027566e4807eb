// What the k-means kernels share.

/** Relative error of one rounding, twice over. */
export const ROUNDING: f64 = 4.5e-16;

// @ts-ignore: decorator
@inline
export function squaredDistance(a: usize, b: usize, d: i32): f64 {
  let s = f64x2.splat(0);
  let t = s;
  let f = 0;
  for (; f + 4 <= d; f += 4) {
    const o = <usize>f << 3;
    const u = f64x2.sub(v128.load(a + o), v128.load(b + o));
    const v = f64x2.sub(v128.load(a + o, 16), v128.load(b + o, 16));
    s = f64x2.add(s, f64x2.mul(u, u));
    t = f64x2.add(t, f64x2.mul(v, v));
  }
  s = f64x2.add(s, t);
  let total = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; f < d; f++) {
    const o = <usize>f << 3;
    const u = load<f64>(a + o) - load<f64>(b + o);
    total += u * u;
  }
  return total;
}

// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, d: i32): f64 {
  let s = f64x2.splat(0);
  let t = s;
  let f = 0;
  for (; f + 4 <= d; f += 4) {
    const o = <usize>f << 3;
    s = f64x2.add(s, f64x2.mul(v128.load(a + o), v128.load(b + o)));
    t = f64x2.add(t, f64x2.mul(v128.load(a + o, 16), v128.load(b + o, 16)));
  }
  s = f64x2.add(s, t);
  let total = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; f < d; f++) total += load<f64>(a + (<usize>f << 3)) * load<f64>(b + (<usize>f << 3));
  return total;
}

// @ts-ignore: decorator
@inline
export function lowered(r: i32, cost: f64, center: i32, costs: usize, nearest: usize): f64 {
  const at = costs + (<usize>r << 3);
  const old = load<f64>(at);
  if (!(cost < old)) return old;
  // In this order: whoever repeats a step that was cut short in between finds the old cost and does both again.
  store<i32>(nearest + (<usize>r << 2), center);
  store<f64>(at, cost);
  return cost;
}

/** Labels of four rows (or fewer: the pointers may coincide) stored at `out`. */
// @ts-ignore: decorator
@inline
export function nearest4(
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  d: i32,
  packed: usize,
  groups: i32,
  centers: usize,
  k: i32,
  slack: f64,
  out: usize,
  bounded: bool,
  upper: usize,
  lower: usize,
): void {
  const infinite = f64x2.splat(Infinity);
  let best0 = infinite;
  let next0 = infinite;
  let at0 = i64x2(0, 1);
  let best1 = infinite;
  let next1 = infinite;
  let at1 = i64x2(0, 1);
  let best2 = infinite;
  let next2 = infinite;
  let at2 = i64x2(0, 1);
  let best3 = infinite;
  let next3 = infinite;
  let at3 = i64x2(0, 1);
  let low = i64x2(0, 1);
  let high = i64x2(2, 3);
  const four = i64x2.splat(4);
  const bytes = <usize>d << 3;
  let p = packed;
  for (let g = 0; g < groups; g++) {
    let a0 = v128.load(p);
    let b0 = v128.load(p, 16);
    let a1 = a0;
    let b1 = b0;
    let a2 = a0;
    let b2 = b0;
    let a3 = a0;
    let b3 = b0;
    p += 32;
    for (let f: usize = 0; f < bytes; f += 8) {
      const ca = v128.load(p);
      const cb = v128.load(p, 16);
      p += 32;
      const x0 = v128.load_splat<f64>(r0 + f);
      a0 = f64x2.add(a0, f64x2.mul(x0, ca));
      b0 = f64x2.add(b0, f64x2.mul(x0, cb));
      const x1 = v128.load_splat<f64>(r1 + f);
      a1 = f64x2.add(a1, f64x2.mul(x1, ca));
      b1 = f64x2.add(b1, f64x2.mul(x1, cb));
      const x2 = v128.load_splat<f64>(r2 + f);
      a2 = f64x2.add(a2, f64x2.mul(x2, ca));
      b2 = f64x2.add(b2, f64x2.mul(x2, cb));
      const x3 = v128.load_splat<f64>(r3 + f);
      a3 = f64x2.add(a3, f64x2.mul(x3, ca));
      b3 = f64x2.add(b3, f64x2.mul(x3, cb));
    }
    at0 = v128.bitselect(low, at0, f64x2.lt(a0, best0));
    next0 = f64x2.pmin(next0, f64x2.pmax(best0, a0));
    best0 = f64x2.pmin(best0, a0);
    at0 = v128.bitselect(high, at0, f64x2.lt(b0, best0));
    next0 = f64x2.pmin(next0, f64x2.pmax(best0, b0));
    best0 = f64x2.pmin(best0, b0);
    at1 = v128.bitselect(low, at1, f64x2.lt(a1, best1));
    next1 = f64x2.pmin(next1, f64x2.pmax(best1, a1));
    best1 = f64x2.pmin(best1, a1);
    at1 = v128.bitselect(high, at1, f64x2.lt(b1, best1));
    next1 = f64x2.pmin(next1, f64x2.pmax(best1, b1));
    best1 = f64x2.pmin(best1, b1);
    at2 = v128.bitselect(low, at2, f64x2.lt(a2, best2));
    next2 = f64x2.pmin(next2, f64x2.pmax(best2, a2));
    best2 = f64x2.pmin(best2, a2);
    at2 = v128.bitselect(high, at2, f64x2.lt(b2, best2));
    next2 = f64x2.pmin(next2, f64x2.pmax(best2, b2));
    best2 = f64x2.pmin(best2, b2);
    at3 = v128.bitselect(low, at3, f64x2.lt(a3, best3));
    next3 = f64x2.pmin(next3, f64x2.pmax(best3, a3));
    best3 = f64x2.pmin(best3, a3);
    at3 = v128.bitselect(high, at3, f64x2.lt(b3, best3));
    next3 = f64x2.pmin(next3, f64x2.pmax(best3, b3));
    best3 = f64x2.pmin(best3, b3);
    low = i64x2.add(low, four);
    high = i64x2.add(high, four);
  }
  store<i32>(out, choose(r0, best0, next0, at0, d, centers, k, slack, bounded, upper, lower));
  store<i32>(out, choose(r1, best1, next1, at1, d, centers, k, slack, bounded, upper + 8, lower + 8), 4);
  store<i32>(out, choose(r2, best2, next2, at2, d, centers, k, slack, bounded, upper + 16, lower + 16), 8);
  store<i32>(out, choose(r3, best3, next3, at3, d, centers, k, slack, bounded, upper + 24, lower + 24), 12);
}

/**
 * The lower of two lanes' scores; of equal ones the lower index. When the runner-up is closer than rounding can tell
 * (`slack` for the longest centre plus the same for |x|^2), the distances are computed as Spark does and compared afresh.
 * When `bounded`, a bound above the distance to the chosen centre goes to `upper`, one below all others' to `lower`.
 */
// @ts-ignore: decorator
@inline
function choose(
  row: usize,
  best: v128,
  next: v128,
  at: v128,
  d: i32,
  centers: usize,
  k: i32,
  slack: f64,
  bounded: bool,
  upper: usize,
  lower: usize,
): i32 {
  const s0 = f64x2.extract_lane(best, 0);
  const s1 = f64x2.extract_lane(best, 1);
  if (centers != 0) {
    const first = min(s0, s1);
    const second = min(max(s0, s1), min(f64x2.extract_lane(next, 0), f64x2.extract_lane(next, 1)));
    const norm = dot(row, row, d);
    const error = slack + ROUNDING * <f64>(d + 8) * norm;
    if (bounded) {
      store<f64>(upper, Math.sqrt(max(0, first + norm + 2 * error)));
      store<f64>(lower, Math.sqrt(max(0, second + norm - 2 * error)));
    }
    if (second - first <= error) return exactNearest(row, centers, k, d);
  }
  const i0 = <i32>i64x2.extract_lane(at, 0);
  const i1 = <i32>i64x2.extract_lane(at, 1);
  if (s0 < s1) return i0;
  if (s1 < s0) return i1;
  return min(i0, i1);
}

/** Squared distance, added up in feature order as Spark's `Vectors.sqdist`. */
// @ts-ignore: decorator
@inline
export function orderedDistance(row: usize, center: usize, d: i32): f64 {
  let total: f64 = 0;
  for (let f: usize = 0; f < <usize>d << 3; f += 8) {
    const u = load<f64>(center + f) - load<f64>(row + f);
    total += u * u;
  }
  return total;
}

/** First centre at the least distance. */
function exactNearest(row: usize, centers: usize, k: i32, d: i32): i32 {
  let nearest = 0;
  let least = Infinity;
  for (let c = 0; c < k; c++) {
    const total = orderedDistance(row, centers + ((<usize>c * <usize>d) << 3), d);
    if (total < least) {
      least = total;
      nearest = c;
    }
  }
  return nearest;
}

/** Adds `scale * row` to its cluster's sum, `weight` to the cluster's weight; null addresses mean ones. */
// @ts-ignore: decorator
@inline
export function accumulate(row: usize, d: i32, weight: f64, scale: f64, sum: usize): void {
  const c = f64x2.splat(weight * scale);
  let f: usize = 0;
  const even = <usize>(d & ~1) << 3;
  for (; f < even; f += 16) {
    v128.store(sum + f, f64x2.add(v128.load(sum + f), f64x2.mul(c, v128.load(row + f))));
  }
  if (d & 1) store<f64>(sum + f, load<f64>(sum + f) + weight * scale * load<f64>(row + f));
}

/** Adds rows `from` to `end`, in their order, to the weights and, where there is room for them, sums of their clusters. */
export function addUp(
  x: usize,
  from: i32,
  end: i32,
  d: i32,
  labels: usize,
  weights: usize,
  scales: usize,
  sums: usize,
  totals: usize,
): void {
  const stride = <usize>d << 3;
  for (let r = from; r < end; r++) {
    const label = <usize>load<i32>(labels + (<usize>r << 2));
    const weight = weights == 0 ? 1.0 : load<f64>(weights + (<usize>r << 3));
    const total = totals + (label << 3);
    store<f64>(total, load<f64>(total) + weight);
    if (sums == 0) continue;
    const scale = scales == 0 ? 1.0 : load<f64>(scales + (<usize>r << 3));
    accumulate(x + <usize>r * stride, d, weight, scale, sums + label * stride);
  }
}

/** Error of a score that the longest centre causes. */
export function slackOf(centers: usize, k: i32, d: i32): f64 {
  if (centers == 0) return 0;
  let longest: f64 = 0;
  for (let c = 0; c < k; c++) {
    const center = centers + ((<usize>c * <usize>d) << 3);
    longest = max(longest, dot(center, center, d));
  }
  return ROUNDING * <f64>(d + 8) * longest;
}
