import { dot, lowered, squaredDistance } from "./rows.as";

// Lloyd's step over dense row-major rows.
//
// `packed` holds the centres in groups of four, transposed: for each group the four offsets, then for each feature the four
// centres' coefficients. score(row, c) = offset_c + sum(coefficient_c,f * x_f), and the row goes to the lowest score.
// Euclidean: offset |c|^2, coefficient -2c. Cosine: offset 0, coefficient -c / |c|. Missing centres: offset Infinity.

const TILE: i32 = 32;
/** Relative error of one rounding, twice over. */
const ROUNDING: f64 = 4.5e-16;

/** Labels of four rows (or fewer: the pointers may coincide) stored at `out`. */
// @ts-ignore: decorator
@inline
function nearest4(
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
  store<i32>(out, choose(r0, best0, next0, at0, d, centers, k, slack, upper, lower));
  store<i32>(out, choose(r1, best1, next1, at1, d, centers, k, slack, upper + 8, lower + 8), 4);
  store<i32>(out, choose(r2, best2, next2, at2, d, centers, k, slack, upper + 16, lower + 16), 8);
  store<i32>(out, choose(r3, best3, next3, at3, d, centers, k, slack, upper + 24, lower + 24), 12);
}

/**
 * The lower of two lanes' scores; of equal ones the lower index. When the runner-up is closer than rounding can tell
 * (`slack` for the longest centre plus the same for |x|^2), the distances are computed as Spark does and compared afresh.
 * With `centers`, a bound above the distance to the chosen centre goes to `upper`, one below all others' to `lower`.
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
    store<f64>(upper, Math.sqrt(max(0, first + norm + 2 * error)));
    store<f64>(lower, Math.sqrt(max(0, second + norm - 2 * error)));
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
function orderedDistance(row: usize, center: usize, d: i32): f64 {
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
 * `labels`, `upper` and `lower` need room for three more entries. `weights` and `scales` (one over the row's norm, for cosine) may be null.
 * `centers` are the `k` centres as they are, for rows about equally far from two; null: the packed scores decide.
 */
export function kmeans_pass(
  x: usize,
  rows: i32,
  d: i32,
  packed: usize,
  k: i32,
  centers: usize,
  labels: usize,
  weights: usize,
  scales: usize,
  sums: usize,
  totals: usize,
  counts: usize,
  upper: usize,
  lower: usize,
): void {
  const stride = <usize>d << 3;
  const groups = (k + 3) >> 2;
  const slack = slackOf(centers, k, d);
  for (let tile = 0; tile < rows; tile += TILE) {
    const end = min(tile + TILE, rows);
    for (let r = tile; r < end; r += 4) {
      const r0 = x + <usize>r * stride;
      const r1 = x + <usize>min(r + 1, rows - 1) * stride;
      const r2 = x + <usize>min(r + 2, rows - 1) * stride;
      const r3 = x + <usize>min(r + 3, rows - 1) * stride;
      const bounds = <usize>r << 3;
      const out = labels + (<usize>r << 2);
      nearest4(r0, r1, r2, r3, d, packed, groups, centers, k, slack, out, upper + bounds, lower + bounds);
    }
    if (totals == 0) continue;
    for (let r = tile; r < end; r++) {
      const label = <usize>load<i32>(labels + (<usize>r << 2));
      const weight = weights == 0 ? 1.0 : load<f64>(weights + (<usize>r << 3));
      const total = totals + (label << 3);
      store<f64>(total, load<f64>(total) + weight);
      if (sums == 0) continue;
      store<f64>(counts + (label << 3), load<f64>(counts + (label << 3)) + 1);
      const scale = scales == 0 ? 1.0 : load<f64>(scales + (<usize>r << 3));
      accumulate(x + <usize>r * stride, d, weight, scale, sums + label * stride);
    }
  }
}

/** Error of a score that the longest centre causes. */
function slackOf(centers: usize, k: i32, d: i32): f64 {
  if (centers == 0) return 0;
  let longest: f64 = 0;
  for (let c = 0; c < k; c++) {
    const center = centers + ((<usize>c * <usize>d) << 3);
    longest = max(longest, dot(center, center, d));
  }
  return ROUNDING * <f64>(d + 8) * longest;
}

/** Bounds are compared with this much to spare, more than their updates can have rounded away. */
const SPARE: f64 = 1.0000000001;

/**
 * The next pass after `kmeans_pass` or this one, over the same rows: moves only the rows whose nearest centre may have changed
 * (Hamerly 2010) from cluster to cluster, and so keeps sums, weights and counts. `drift` says how far each centre moved,
 * `half` is half the distance to its closest other centre. `work` has room for 96 bytes. Returns how many rows were compared
 * with all centres.
 */
export function kmeans_update(
  x: usize,
  rows: i32,
  d: i32,
  packed: usize,
  k: i32,
  centers: usize,
  labels: usize,
  weights: usize,
  sums: usize,
  totals: usize,
  counts: usize,
  upper: usize,
  lower: usize,
  drift: usize,
  half: usize,
  work: usize,
): i32 {
  const stride = <usize>d << 3;
  const slack = slackOf(centers, k, d);
  let farthest = 0;
  let most: f64 = 0;
  let nextMost: f64 = 0;
  for (let c = 0; c < k; c++) {
    const moved = load<f64>(drift + (<usize>c << 3));
    if (moved > most) {
      nextMost = most;
      most = moved;
      farthest = c;
    } else {
      nextMost = max(nextMost, moved);
    }
  }
  let compared = 0;
  let waiting = 0;
  let w0 = 0;
  let w1 = 0;
  let w2 = 0;
  for (let r = 0; r < rows; r++) {
    const o = <usize>r << 3;
    const label = load<i32>(labels + (<usize>r << 2));
    let u = load<f64>(upper + o) + load<f64>(drift + (<usize>label << 3));
    const l = load<f64>(lower + o) - (label == farthest ? nextMost : most);
    const far = max(l, load<f64>(half + (<usize>label << 3)));
    store<f64>(lower + o, l);
    if (u * SPARE >= far) {
      u = Math.sqrt(squaredDistance(x + <usize>r * stride, centers + <usize>label * stride, d));
    }
    store<f64>(upper + o, u);
    if (u * SPARE < far) continue;
    compared++;
    if (waiting == 3) {
      reassign(w0, w1, w2, r, 4, x, d, packed, k, centers, slack, labels, weights, sums, totals, counts, upper, lower, work);
      waiting = 0;
    } else {
      if (waiting == 0) w0 = r;
      else if (waiting == 1) w1 = r;
      else w2 = r;
      waiting++;
    }
  }
  if (waiting > 0) {
    if (waiting < 2) w1 = w0;
    if (waiting < 3) w2 = w0;
    reassign(w0, w1, w2, w0, waiting, x, d, packed, k, centers, slack, labels, weights, sums, totals, counts, upper, lower, work);
  }
  return compared;
}

/** Finds the nearest centres of the first `n` of four rows and moves those rows whose cluster changed. */
function reassign(
  w0: i32,
  w1: i32,
  w2: i32,
  w3: i32,
  n: i32,
  x: usize,
  d: i32,
  packed: usize,
  k: i32,
  centers: usize,
  slack: f64,
  labels: usize,
  weights: usize,
  sums: usize,
  totals: usize,
  counts: usize,
  upper: usize,
  lower: usize,
  work: usize,
): void {
  const stride = <usize>d << 3;
  const r0 = x + <usize>w0 * stride;
  const r1 = x + <usize>w1 * stride;
  const r2 = x + <usize>w2 * stride;
  const r3 = x + <usize>w3 * stride;
  nearest4(r0, r1, r2, r3, d, packed, (k + 3) >> 2, centers, k, slack, work, work + 32, work + 64);
  for (let i = 0; i < n; i++) {
    const r = <usize>(i == 0 ? w0 : i == 1 ? w1 : i == 2 ? w2 : w3);
    const to = load<i32>(work + (<usize>i << 2));
    store<f64>(upper + (r << 3), load<f64>(work + 32 + (<usize>i << 3)));
    store<f64>(lower + (r << 3), load<f64>(work + 64 + (<usize>i << 3)));
    const from = load<i32>(labels + (r << 2));
    if (from == to) continue;
    store<i32>(labels + (r << 2), to);
    const weight = weights == 0 ? 1.0 : load<f64>(weights + (r << 3));
    move(x + r * stride, d, -weight, -1, sums + <usize>from * stride, totals + (<usize>from << 3), counts + (<usize>from << 3));
    move(x + r * stride, d, weight, 1, sums + <usize>to * stride, totals + (<usize>to << 3), counts + (<usize>to << 3));
  }
}

/** Adds a row to a cluster or takes it away; a cluster without rows is exactly zero. */
function move(row: usize, d: i32, weight: f64, one: f64, sum: usize, total: usize, count: usize): void {
  accumulate(row, d, weight, 1, sum);
  store<f64>(total, load<f64>(total) + weight);
  const left = load<f64>(count) + one;
  store<f64>(count, left);
  if (left > 0) return;
  store<f64>(total, 0);
  memory.fill(sum, 0, <usize>d << 3);
}

/** Distance of a row to a centre: squared Euclidean, or with a scale (one over the row's norm) the cosine one. */
// @ts-ignore: decorator
@inline
function distance(row: usize, center: usize, d: i32, scales: usize, r: i32): f64 {
  if (scales == 0) return squaredDistance(row, center, d);
  return 1.0 - dot(row, center, d) * load<f64>(scales + (<usize>r << 3));
}

/**
 * Sum of the rows' weighted distances to their labelled centre. With `scales` the distance is the cosine one, and `centers`
 * have length 1.
 */
export function kmeans_cost(
  x: usize,
  rows: i32,
  d: i32,
  centers: usize,
  labels: usize,
  weights: usize,
  scales: usize,
): f64 {
  const stride = <usize>d << 3;
  let total: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const center = centers + <usize>load<i32>(labels + (<usize>r << 2)) * stride;
    const cost = distance(x + <usize>r * stride, center, d, scales, r);
    total += weights == 0 ? cost : cost * load<f64>(weights + (<usize>r << 3));
  }
  return total;
}

/**
 * Lowers each row's cost to the distance of its labelled centre where that is less, and notes centre `base + label` as its
 * nearest; returns the sum of the costs.
 */
export function kmeans_lower(
  x: usize,
  rows: i32,
  d: i32,
  centers: usize,
  labels: usize,
  scales: usize,
  costs: usize,
  nearest: usize,
  base: i32,
): f64 {
  const stride = <usize>d << 3;
  let total: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const label = load<i32>(labels + (<usize>r << 2));
    const row = x + <usize>r * stride;
    const center = centers + <usize>label * stride;
    // In Spark's order of addition, since ties between candidates decide where they count.
    const cost = scales == 0 ? orderedDistance(row, center, d) : distance(row, center, d, scales, r);
    total += lowered(r, cost, base + label, costs, nearest);
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
 * Keeps each row with probability 2 k cost / total, drawing as Spark's XORShiftRandom.nextDouble does from `seed`, of which
 * the draws of `before` rows were used up. The numbers of the kept rows from the `skip`th on go to `out`, as doubles, at most
 * `room`; returns how many rows are kept in all.
 */
export function kmeans_sample(
  costs: usize,
  rows: i32,
  k: f64,
  total: f64,
  seed: i64,
  before: f64,
  skip: i32,
  out: usize,
  room: i32,
): i32 {
  for (let n = <i64>before * 2; n > 0; n--) seed = advance(seed);
  let kept = 0;
  for (let r = 0; r < rows; r++) {
    seed = advance(seed);
    const high = seed & 0x3ffffff;
    seed = advance(seed);
    const draw = <f64>((high << 27) + (seed & 0x7ffffff)) * (1.0 / 9007199254740992.0);
    if (draw < (2.0 * load<f64>(costs + (<usize>r << 3)) * k) / total) {
      const at = kept++ - skip;
      if (at >= 0 && at < room) store<f64>(out + (<usize>at << 3), <f64>r);
    }
  }
  return kept;
}

// @ts-ignore: decorator
@inline
function advance(seed: i64): i64 {
  let next = seed ^ (seed << 21);
  next ^= <i64>(<u64>next >> 35);
  return next ^ (next << 4);
}
