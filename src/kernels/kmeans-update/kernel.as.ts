import { addUp, nearest4, slackOf, squaredDistance } from "../kmeans/rows.as";

/** Bounds are compared with this much to spare, more than their updates can have rounded away. */
const SPARE: f64 = 1.0000000001;

/** Rows whose labels are found before they are added up, while they are in the cache. */
const TILE: i32 = 512;

/**
 * The next pass after `kmeans_pass` or this one, over the same rows: compares only the rows whose nearest centre may have
 * changed (Hamerly 2010) with all centres. Labels are those that `kmeans_pass` finds, and rows are added up in the same order,
 * so that sums and weights are the same to the last bit. `drift` says how far each centre moved, `half` is half the distance to
 * its closest other centre. `work` has room for 96 bytes. Returns how many rows were compared with all centres.
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
  for (let tile = 0; tile < rows; tile += TILE) {
    const end = min(tile + TILE, rows);
    let waiting = 0;
    let w0 = 0;
    let w1 = 0;
    let w2 = 0;
    for (let r = tile; r < end; r++) {
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
        reassign(w0, w1, w2, r, 4, x, d, packed, k, centers, slack, labels, upper, lower, work);
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
      reassign(w0, w1, w2, w0, waiting, x, d, packed, k, centers, slack, labels, upper, lower, work);
    }
    addUp(x, tile, end, d, labels, weights, 0, sums, totals);
  }
  return compared;
}

/** Finds the nearest centres of the first `n` of four rows. */
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
  upper: usize,
  lower: usize,
  work: usize,
): void {
  const stride = <usize>d << 3;
  const r0 = x + <usize>w0 * stride;
  const r1 = x + <usize>w1 * stride;
  const r2 = x + <usize>w2 * stride;
  const r3 = x + <usize>w3 * stride;
  nearest4(r0, r1, r2, r3, d, packed, (k + 3) >> 2, centers, k, slack, work, true, work + 32, work + 64);
  for (let i = 0; i < n; i++) {
    const r = <usize>(i == 0 ? w0 : i == 1 ? w1 : i == 2 ? w2 : w3);
    store<i32>(labels + (r << 2), load<i32>(work + (<usize>i << 2)));
    store<f64>(upper + (r << 3), load<f64>(work + 32 + (<usize>i << 3)));
    store<f64>(lower + (r << 3), load<f64>(work + 64 + (<usize>i << 3)));
  }
}
