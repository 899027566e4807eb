import { dot, lowered, ROUNDING } from "../kmeans/rows.as";

// The k-means kernels for CSR rows.

const EPSILON: f64 = 2.220446049250313e-16;

/**
 * One pass over CSR rows, as `kmeans_pass`. `table` holds the coefficients feature by feature (`width` a feature, even),
 * `offsets` the centres' offsets, `centers` the centres as they are or null (see `kmeans_pass`), `scores` has room for `width` doubles. `indptr` holds `rows + 1` positions.
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
  centers: usize,
  scores: usize,
  labels: usize,
  weights: usize,
  scales: usize,
  sums: usize,
  totals: usize,
): void {
  const bytes = <usize>width << 3;
  let longest: f64 = 0;
  for (let c: usize = 0; c < bytes; c += 8) {
    const norm = load<f64>(offsets + c);
    if (norm < Infinity) longest = max(longest, norm);
  }
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
    let next = Infinity;
    for (let c = 1; c < width; c++) {
      const score = load<f64>(scores + (<usize>c << 3));
      next = min(next, max(best, score));
      if (score < best) {
        best = score;
        label = c;
      }
    }
    // Closer than rounding can tell: compare the distances as Spark adds them up.
    if (centers != 0) {
      const at = values + (<usize>start << 3);
      const norm = dot(at, at, end - start);
      if (next - best <= ROUNDING * <f64>(d + 8) * (longest + norm)) {
        label = exactNearest(indices, values, start, end, d, centers, offsets, width, norm);
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

/** First centre at the least distance; `offsets` are the squared norms, Infinity where there is no centre. */
function exactNearest(
  indices: usize,
  values: usize,
  start: i32,
  end: i32,
  d: i32,
  centers: usize,
  offsets: usize,
  width: i32,
  norm: f64,
): i32 {
  let nearest = 0;
  let least = Infinity;
  for (let c = 0; c < width; c++) {
    const centerNorm = load<f64>(offsets + (<usize>c << 3));
    if (centerNorm == Infinity) break;
    const center = centers + ((<usize>c * <usize>d) << 3);
    const distance = fastSquaredDistance(indices, values, start, end, d, center, centerNorm, norm);
    if (distance < least) {
      least = distance;
      nearest = c;
    }
  }
  return nearest;
}

/** Spark's `MLUtils.fastSquaredDistance`: by the norms where that is precise to 1e-6, else feature by feature. */
function fastSquaredDistance(
  indices: usize,
  values: usize,
  start: i32,
  end: i32,
  d: i32,
  center: usize,
  centerNorm: f64,
  norm: f64,
): f64 {
  const squares = centerNorm + norm;
  const difference = Math.sqrt(centerNorm) - Math.sqrt(norm);
  let product: f64 = 0;
  for (let i = start; i < end; i++) {
    const at = <usize>load<i32>(indices + (<usize>i << 2)) << 3;
    product += load<f64>(values + (<usize>i << 3)) * load<f64>(center + at);
  }
  if ((2 * EPSILON * squares) / (difference * difference + EPSILON) < 1e-6) return squares - 2 * product;
  const distance = max(squares - 2 * product, 0);
  const bound = (EPSILON * (squares + 2 * Math.abs(product))) / (distance + EPSILON);
  return bound > 1e-6 ? walk(indices, values, start, end, center, d) : distance;
}

// @ts-ignore: decorator
@inline
function sparseDistance(
  indices: usize,
  values: usize,
  start: i32,
  end: i32,
  d: i32,
  center: usize,
  norm: f64,
  scales: usize,
  r: i32,
): f64 {
  if (scales != 0) {
    let product: f64 = 0;
    for (let i = start; i < end; i++) {
      const at = <usize>load<i32>(indices + (<usize>i << 2)) << 3;
      product += load<f64>(values + (<usize>i << 3)) * load<f64>(center + at);
    }
    return 1.0 - product * load<f64>(scales + (<usize>r << 3));
  }
  let cost = norm;
  for (let i = start; i < end; i++) {
    const c = load<f64>(center + (<usize>load<i32>(indices + (<usize>i << 2)) << 3));
    const u = load<f64>(values + (<usize>i << 3)) - c;
    cost += u * u - c * c;
  }
  // What cancelled is added up afresh, feature by feature.
  return cost < 1e-6 * norm ? walk(indices, values, start, end, center, d) : cost;
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
): f64 {
  let total: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const start = load<i32>(indptr + (<usize>r << 2));
    const end = load<i32>(indptr + (<usize>r << 2), 4);
    const label = <usize>load<i32>(labels + (<usize>r << 2));
    const center = centers + ((label * <usize>d) << 3);
    const norm = load<f64>(norms + (label << 3));
    const cost = sparseDistance(indices, values, start, end, d, center, norm, scales, r);
    total += weights == 0 ? cost : cost * load<f64>(weights + (<usize>r << 3));
  }
  return total;
}

/** `kmeans_lower` for CSR rows. */
export function kmeans_lower_sparse(
  indptr: usize,
  indices: usize,
  values: usize,
  rows: i32,
  d: i32,
  centers: usize,
  norms: usize,
  labels: usize,
  scales: usize,
  costs: usize,
  nearest: usize,
  base: i32,
): f64 {
  let total: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const start = load<i32>(indptr + (<usize>r << 2));
    const end = load<i32>(indptr + (<usize>r << 2), 4);
    const label = load<i32>(labels + (<usize>r << 2));
    const center = centers + ((<usize>label * <usize>d) << 3);
    const norm = load<f64>(norms + (<usize>label << 3));
    let cost: f64;
    if (scales != 0) {
      cost = sparseDistance(indices, values, start, end, d, center, norm, scales, r);
    } else {
      const at = values + (<usize>start << 3);
      cost = fastSquaredDistance(indices, values, start, end, d, center, norm, dot(at, at, end - start));
    }
    total += lowered(r, cost, base + label, costs, nearest);
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
