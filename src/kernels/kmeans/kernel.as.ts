import { addUp, dot, lowered, nearest4, orderedDistance, slackOf, squaredDistance } from "./rows.as";

// Lloyd's step over dense row-major rows.
//
// `packed` holds the centres in groups of four, transposed: for each group the four offsets, then for each feature the four
// centres' coefficients. score(row, c) = offset_c + sum(coefficient_c,f * x_f), and the row goes to the lowest score.
// Euclidean: offset |c|^2, coefficient -2c. Cosine: offset 0, coefficient -c / |c|. Missing centres: offset Infinity.

const TILE: i32 = 32;

/**
 * One pass over `rows` rows: labels them, and when `sums` is not null adds every row to its cluster's sum and weight.
 * `labels`, `upper` and `lower` need room for three more entries. `weights` and `scales` (one over the row's norm, for cosine)
 * may be null. `centers` are the `k` centres as they are, for rows about equally far from two; null: the packed
 * scores decide. With `upper` and `lower` the bounds that `kmeans_update` needs are written, where there are `centers`.
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
  upper: usize,
  lower: usize,
): void {
  const stride = <usize>d << 3;
  const groups = (k + 3) >> 2;
  const slack = slackOf(centers, k, d);
  const bounded = upper != 0;
  for (let tile = 0; tile < rows; tile += TILE) {
    const end = min(tile + TILE, rows);
    for (let r = tile; r < end; r += 4) {
      const r0 = x + <usize>r * stride;
      const r1 = x + <usize>min(r + 1, rows - 1) * stride;
      const r2 = x + <usize>min(r + 2, rows - 1) * stride;
      const r3 = x + <usize>min(r + 3, rows - 1) * stride;
      const bounds = <usize>r << 3;
      const out = labels + (<usize>r << 2);
      nearest4(r0, r1, r2, r3, d, packed, groups, centers, k, slack, out, bounded, upper + bounds, lower + bounds);
    }
    if (totals != 0) addUp(x, tile, end, d, labels, weights, scales, sums, totals);
  }
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
