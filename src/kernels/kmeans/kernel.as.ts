// Lloyd's step over dense row-major rows.
//
// `packed` holds the centres in groups of four, transposed: for each group the four offsets, then for each feature the four
// centres' coefficients. score(row, c) = offset_c + sum(coefficient_c,f * x_f), and the row goes to the lowest score.
// Euclidean: offset |c|^2, coefficient -2c. Cosine: offset 0, coefficient -c / |c|. Missing centres: offset Infinity.

const TILE: i32 = 32;

/** Labels of four rows (or fewer: the pointers may coincide) stored at `out`. */
// @ts-ignore: decorator
@inline
function nearest4(r0: usize, r1: usize, r2: usize, r3: usize, d: i32, packed: usize, groups: i32, out: usize): void {
  let best0 = f64x2.splat(Infinity);
  let best1 = best0;
  let best2 = best0;
  let best3 = best0;
  let at0 = i64x2(0, 1);
  let at1 = at0;
  let at2 = at0;
  let at3 = at0;
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
    let m = f64x2.lt(a0, best0);
    best0 = f64x2.pmin(best0, a0);
    at0 = v128.bitselect(low, at0, m);
    m = f64x2.lt(b0, best0);
    best0 = f64x2.pmin(best0, b0);
    at0 = v128.bitselect(high, at0, m);
    m = f64x2.lt(a1, best1);
    best1 = f64x2.pmin(best1, a1);
    at1 = v128.bitselect(low, at1, m);
    m = f64x2.lt(b1, best1);
    best1 = f64x2.pmin(best1, b1);
    at1 = v128.bitselect(high, at1, m);
    m = f64x2.lt(a2, best2);
    best2 = f64x2.pmin(best2, a2);
    at2 = v128.bitselect(low, at2, m);
    m = f64x2.lt(b2, best2);
    best2 = f64x2.pmin(best2, b2);
    at2 = v128.bitselect(high, at2, m);
    m = f64x2.lt(a3, best3);
    best3 = f64x2.pmin(best3, a3);
    at3 = v128.bitselect(low, at3, m);
    m = f64x2.lt(b3, best3);
    best3 = f64x2.pmin(best3, b3);
    at3 = v128.bitselect(high, at3, m);
    low = i64x2.add(low, four);
    high = i64x2.add(high, four);
  }
  store<i32>(out, lower(best0, at0));
  store<i32>(out, lower(best1, at1), 4);
  store<i32>(out, lower(best2, at2), 8);
  store<i32>(out, lower(best3, at3), 12);
}

/** Index in the lane of the lower score; of equal scores the lower index. */
// @ts-ignore: decorator
@inline
function lower(best: v128, at: v128): i32 {
  const s0 = f64x2.extract_lane(best, 0);
  const s1 = f64x2.extract_lane(best, 1);
  const i0 = <i32>i64x2.extract_lane(at, 0);
  const i1 = <i32>i64x2.extract_lane(at, 1);
  if (s0 < s1) return i0;
  if (s1 < s0) return i1;
  return min(i0, i1);
}

/** Adds `scale * row` to its cluster's sum, `weight` to the cluster's weight; null addresses mean ones. */
// @ts-ignore: decorator
@inline
function accumulate(row: usize, d: i32, weight: f64, scale: f64, sum: usize): void {
  const c = f64x2.splat(weight * scale);
  let f: usize = 0;
  const even = <usize>(d & ~1) << 3;
  for (; f < even; f += 16) {
    v128.store(sum + f, f64x2.add(v128.load(sum + f), f64x2.mul(c, v128.load(row + f))));
  }
  if (d & 1) store<f64>(sum + f, load<f64>(sum + f) + weight * scale * load<f64>(row + f));
}

/**
 * One pass over `rows` rows: labels them, and when `sums` is not null adds every row to its cluster's sum and weight.
 * `labels` needs room for three more entries. `weights` and `scales` (one over the row's norm, for cosine) may be null.
 */
export function kmeans_pass(
  x: usize,
  rows: i32,
  d: i32,
  packed: usize,
  groups: i32,
  labels: usize,
  weights: usize,
  scales: usize,
  sums: usize,
  totals: usize,
): void {
  const stride = <usize>d << 3;
  for (let tile = 0; tile < rows; tile += TILE) {
    const end = min(tile + TILE, rows);
    for (let r = tile; r < end; r += 4) {
      const r0 = x + <usize>r * stride;
      const r1 = x + <usize>min(r + 1, rows - 1) * stride;
      const r2 = x + <usize>min(r + 2, rows - 1) * stride;
      const r3 = x + <usize>min(r + 3, rows - 1) * stride;
      nearest4(r0, r1, r2, r3, d, packed, groups, labels + (<usize>r << 2));
    }
    if (totals == 0) continue;
    for (let r = tile; r < end; r++) {
      const label = <usize>load<i32>(labels + (<usize>r << 2));
      const weight = weights == 0 ? 1.0 : load<f64>(weights + (<usize>r << 3));
      const total = totals + (label << 3);
      store<f64>(total, load<f64>(total) + weight);
      if (sums == 0) continue;
      const scale = scales == 0 ? 1.0 : load<f64>(scales + (<usize>r << 3));
      accumulate(x + <usize>r * stride, d, weight, scale, sums + label * stride);
    }
  }
}

// @ts-ignore: decorator
@inline
function squaredDistance(a: usize, b: usize, d: i32): f64 {
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
function dot(a: usize, b: usize, d: i32): f64 {
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

/**
 * Sum of the rows' weighted distances to their labelled centre. With `scales` the distance is the cosine one and `centers`
 * have length 1. With `costs` each row's cost becomes the lower of the distance and what stood there, and those are summed.
 */
export function kmeans_cost(
  x: usize,
  rows: i32,
  d: i32,
  centers: usize,
  labels: usize,
  weights: usize,
  scales: usize,
  costs: usize,
): f64 {
  const stride = <usize>d << 3;
  let total: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const row = x + <usize>r * stride;
    const center = centers + <usize>load<i32>(labels + (<usize>r << 2)) * stride;
    let cost =
      scales == 0
        ? squaredDistance(row, center, d)
        : 1.0 - dot(row, center, d) * load<f64>(scales + (<usize>r << 3));
    if (costs != 0) {
      const at = costs + (<usize>r << 3);
      cost = min(cost, load<f64>(at));
      store<f64>(at, cost);
    }
    total += weights == 0 ? cost : cost * load<f64>(weights + (<usize>r << 3));
  }
  return total;
}

/** Stores one over each row's Euclidean norm; returns how many rows have length zero. */
export function kmeans_scales(x: usize, rows: i32, d: i32, out: usize): i32 {
  let zeros = 0;
  for (let r = 0; r < rows; r++) {
    const row = x + <usize>r * (<usize>d << 3);
    const norm = Math.sqrt(dot(row, row, d));
    if (norm == 0) zeros++;
    store<f64>(out + (<usize>r << 3), 1.0 / norm);
  }
  return zeros;
}

/**
 * Keeps each row with probability 2 k cost / total, drawing as Spark's XORShiftRandom.nextDouble does; stores the numbers of
 * the kept rows (from `first` on) at `out`, at most `room`, and returns how many there are. `state` is read and moved on.
 */
export function kmeans_sample(
  costs: usize,
  rows: i32,
  k: f64,
  total: f64,
  state: usize,
  first: i32,
  out: usize,
  room: i32,
): i32 {
  let seed = load<i64>(state);
  let kept = 0;
  for (let r = 0; r < rows; r++) {
    seed = advance(seed);
    const high = seed & 0x3ffffff;
    seed = advance(seed);
    const draw = <f64>((high << 27) + (seed & 0x7ffffff)) * (1.0 / 9007199254740992.0);
    if (draw < (2.0 * load<f64>(costs + (<usize>r << 3)) * k) / total) {
      if (kept < room) store<i32>(out + (<usize>kept << 2), first + r);
      kept++;
    }
  }
  store<i64>(state, seed);
  return kept;
}

// @ts-ignore: decorator
@inline
function advance(seed: i64): i64 {
  let next = seed ^ (seed << 21);
  next ^= <i64>(<u64>next >> 35);
  return next ^ (next << 4);
}

/**
 * One pass over CSR rows, as `kmeans_pass`. `table` holds the coefficients feature by feature (`width` a feature, even),
 * `offsets` the centres' offsets, `scores` has room for `width` doubles. `indptr` holds `rows + 1` positions.
 */
export function kmeans_pass_sparse(
  indptr: usize,
  indices: usize,
  values: usize,
  rows: i32,
  d: i32,
  table: usize,
  offsets: usize,
  width: i32,
  scores: usize,
  labels: usize,
  weights: usize,
  scales: usize,
  sums: usize,
  totals: usize,
): void {
  const bytes = <usize>width << 3;
  for (let r = 0; r < rows; r++) {
    const start = load<i32>(indptr + (<usize>r << 2));
    const end = load<i32>(indptr + (<usize>r << 2), 4);
    memory.copy(scores, offsets, bytes);
    for (let i = start; i < end; i++) {
      const v = v128.load_splat<f64>(values + (<usize>i << 3));
      const at = table + <usize>load<i32>(indices + (<usize>i << 2)) * bytes;
      for (let c: usize = 0; c < bytes; c += 16) {
        v128.store(scores + c, f64x2.add(v128.load(scores + c), f64x2.mul(v, v128.load(at + c))));
      }
    }
    let label = 0;
    let best = load<f64>(scores);
    for (let c = 1; c < width; c++) {
      const score = load<f64>(scores + (<usize>c << 3));
      if (score < best) {
        best = score;
        label = c;
      }
    }
    store<i32>(labels + (<usize>r << 2), label);
    if (totals == 0) continue;
    const weight = weights == 0 ? 1.0 : load<f64>(weights + (<usize>r << 3));
    const total = totals + (<usize>label << 3);
    store<f64>(total, load<f64>(total) + weight);
    if (sums == 0) continue;
    const c = weight * (scales == 0 ? 1.0 : load<f64>(scales + (<usize>r << 3)));
    const sum = sums + ((<usize>label * <usize>d) << 3);
    for (let i = start; i < end; i++) {
      const at = sum + (<usize>load<i32>(indices + (<usize>i << 2)) << 3);
      store<f64>(at, load<f64>(at) + c * load<f64>(values + (<usize>i << 3)));
    }
  }
}

/** `kmeans_cost` for CSR rows; `norms` are the centres' squared norms. */
export function kmeans_cost_sparse(
  indptr: usize,
  indices: usize,
  values: usize,
  rows: i32,
  d: i32,
  centers: usize,
  norms: usize,
  labels: usize,
  weights: usize,
  scales: usize,
  costs: usize,
): f64 {
  let total: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const start = load<i32>(indptr + (<usize>r << 2));
    const end = load<i32>(indptr + (<usize>r << 2), 4);
    const label = <usize>load<i32>(labels + (<usize>r << 2));
    const center = centers + ((label * <usize>d) << 3);
    let cost: f64;
    if (scales == 0) {
      const norm = load<f64>(norms + (label << 3));
      cost = norm;
      for (let i = start; i < end; i++) {
        const c = load<f64>(center + (<usize>load<i32>(indices + (<usize>i << 2)) << 3));
        const u = load<f64>(values + (<usize>i << 3)) - c;
        cost += u * u - c * c;
      }
      // What cancelled is added up afresh, feature by feature.
      if (cost < 1e-6 * norm) cost = walk(indices, values, start, end, center, d);
    } else {
      let product: f64 = 0;
      for (let i = start; i < end; i++) {
        const at = <usize>load<i32>(indices + (<usize>i << 2)) << 3;
        product += load<f64>(values + (<usize>i << 3)) * load<f64>(center + at);
      }
      cost = 1.0 - product * load<f64>(scales + (<usize>r << 3));
    }
    if (costs != 0) {
      const at = costs + (<usize>r << 3);
      cost = min(cost, load<f64>(at));
      store<f64>(at, cost);
    }
    total += weights == 0 ? cost : cost * load<f64>(weights + (<usize>r << 3));
  }
  return total;
}

function walk(indices: usize, values: usize, start: i32, end: i32, center: usize, d: i32): f64 {
  let total: f64 = 0;
  let i = start;
  for (let f = 0; f < d; f++) {
    let u = load<f64>(center + (<usize>f << 3));
    if (i < end && load<i32>(indices + (<usize>i << 2)) == f) {
      u -= load<f64>(values + (<usize>i << 3));
      i++;
    }
    total += u * u;
  }
  return total;
}

/** `kmeans_scales` for CSR rows. */
export function kmeans_scales_sparse(indptr: usize, values: usize, rows: i32, out: usize): i32 {
  let zeros = 0;
  for (let r = 0; r < rows; r++) {
    const start = load<i32>(indptr + (<usize>r << 2));
    const end = load<i32>(indptr + (<usize>r << 2), 4);
    const at = values + (<usize>start << 3);
    const norm = Math.sqrt(dot(at, at, end - start));
    if (norm == 0) zeros++;
    store<f64>(out + (<usize>r << 3), 1.0 / norm);
  }
  return zeros;
}
