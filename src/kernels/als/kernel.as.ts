// Least squares of one side's factors against the other side's (Hu, Koren, Volinsky 2008; Zhou et al. 2008, ALS-WR).
//
// Factors are single precision, `stride` apart (the rank rounded up to an even number, the rest zero). Normal equations are
// double precision. Work area of one call, in doubles:
//   matrix   stride * stride   lower triangle of the normal matrix, then its Cholesky factor
//   vector   stride            right-hand side, then the solution
//   rows     BATCH * stride    factors of the batch in double precision
//   scaled   BATCH * stride    the same times their confidence (implicit only)
//   nnls     6 * stride        vectors of the projected gradient (non-negative only)

const BATCH: i32 = 32;

/** Bytes of the work area for a stride. */
export function als_work_bytes(stride: i32): i32 {
  return (stride * stride + stride + 2 * BATCH * stride + 6 * stride) << 3;
}

// @ts-ignore: decorator
@inline
function widen(from: usize, to: usize, stride: i32): void {
  for (let f = 0; f < stride; f += 2) {
    v128.store(to + (<usize>f << 3), f64x2.promote_low_f32x4(v128.load64_zero(from + (<usize>f << 2))));
  }
}

// @ts-ignore: decorator
@inline
function plus(at: usize, offset: usize, sum: v128): void {
  v128.store(at + offset, f64x2.add(v128.load(at + offset), sum));
}

/** Adds sum over the batch of left[i] * right[j] for rows i, i + 1 and 8 columns from j. */
function tile4(left: usize, right: usize, count: i32, step: usize, at: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  const end = left + <usize>count * step;
  for (; left < end; left += step, right += step) {
    const s = v128.load_splat<f64>(left);
    const t = v128.load_splat<f64>(left, 8);
    const c0 = v128.load(right);
    const c1 = v128.load(right, 16);
    const c2 = v128.load(right, 32);
    const c3 = v128.load(right, 48);
    a0 = f64x2.add(a0, f64x2.mul(s, c0));
    a1 = f64x2.add(a1, f64x2.mul(s, c1));
    a2 = f64x2.add(a2, f64x2.mul(s, c2));
    a3 = f64x2.add(a3, f64x2.mul(s, c3));
    b0 = f64x2.add(b0, f64x2.mul(t, c0));
    b1 = f64x2.add(b1, f64x2.mul(t, c1));
    b2 = f64x2.add(b2, f64x2.mul(t, c2));
    b3 = f64x2.add(b3, f64x2.mul(t, c3));
  }
  plus(at, 0, a0);
  plus(at, 16, a1);
  plus(at, 32, a2);
  plus(at, 48, a3);
  at += step;
  plus(at, 0, b0);
  plus(at, 16, b1);
  plus(at, 32, b2);
  plus(at, 48, b3);
}

/** The same for 6 columns. */
function tile3(left: usize, right: usize, count: i32, step: usize, at: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  const end = left + <usize>count * step;
  for (; left < end; left += step, right += step) {
    const s = v128.load_splat<f64>(left);
    const t = v128.load_splat<f64>(left, 8);
    const c0 = v128.load(right);
    const c1 = v128.load(right, 16);
    const c2 = v128.load(right, 32);
    a0 = f64x2.add(a0, f64x2.mul(s, c0));
    a1 = f64x2.add(a1, f64x2.mul(s, c1));
    a2 = f64x2.add(a2, f64x2.mul(s, c2));
    b0 = f64x2.add(b0, f64x2.mul(t, c0));
    b1 = f64x2.add(b1, f64x2.mul(t, c1));
    b2 = f64x2.add(b2, f64x2.mul(t, c2));
  }
  plus(at, 0, a0);
  plus(at, 16, a1);
  plus(at, 32, a2);
  at += step;
  plus(at, 0, b0);
  plus(at, 16, b1);
  plus(at, 32, b2);
}

/** The same for 4 columns. */
function tile2(left: usize, right: usize, count: i32, step: usize, at: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  const end = left + <usize>count * step;
  for (; left < end; left += step, right += step) {
    const s = v128.load_splat<f64>(left);
    const t = v128.load_splat<f64>(left, 8);
    const c0 = v128.load(right);
    const c1 = v128.load(right, 16);
    a0 = f64x2.add(a0, f64x2.mul(s, c0));
    a1 = f64x2.add(a1, f64x2.mul(s, c1));
    b0 = f64x2.add(b0, f64x2.mul(t, c0));
    b1 = f64x2.add(b1, f64x2.mul(t, c1));
  }
  plus(at, 0, a0);
  plus(at, 16, a1);
  at += step;
  plus(at, 0, b0);
  plus(at, 16, b1);
}

/** The same for 2 columns. */
function tile1(left: usize, right: usize, count: i32, step: usize, at: usize): void {
  let a = f64x2.splat(0);
  let b = a;
  const end = left + <usize>count * step;
  for (; left < end; left += step, right += step) {
    const c = v128.load(right);
    a = f64x2.add(a, f64x2.mul(v128.load_splat<f64>(left), c));
    b = f64x2.add(b, f64x2.mul(v128.load_splat<f64>(left, 8), c));
  }
  plus(at, 0, a);
  plus(at + step, 0, b);
}

/** Adds left' * right over the batch to the lower triangle of `matrix`. */
function gram(left: usize, right: usize, count: i32, stride: i32, matrix: usize): void {
  const step = <usize>stride << 3;
  for (let i = 0; i < stride; i += 2) {
    const l = left + (<usize>i << 3);
    const at = matrix + <usize>i * step;
    let j = 0;
    for (; j + 8 <= i + 2; j += 8) {
      const o = <usize>j << 3;
      tile4(l, right + o, count, step, at + o);
    }
    const o = <usize>j << 3;
    const rest = i + 2 - j;
    if (rest == 6) tile3(l, right + o, count, step, at + o);
    else if (rest == 4) tile2(l, right + o, count, step, at + o);
    else if (rest == 2) tile1(l, right + o, count, step, at + o);
  }
}

/** Adds the products of factors `start` to `end` with themselves to the lower triangle of `matrix`: Y'Y. */
export function als_gram(factors: usize, start: i32, end: i32, stride: i32, matrix: usize, work: usize): void {
  for (let from = start; from < end; from += BATCH) {
    const count = min(BATCH, end - from);
    for (let t = 0; t < count; t++) {
      widen(factors + ((<usize>(from + t) * <usize>stride) << 2), work + ((<usize>t * <usize>stride) << 3), stride);
    }
    gram(work, work, count, stride, matrix);
  }
}

// @ts-ignore: decorator
@inline
function dotProduct(a: usize, b: usize, n: i32): f64 {
  let s = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const o = <usize>i << 3;
    s = f64x2.add(s, f64x2.mul(v128.load(a + o), v128.load(b + o)));
  }
  let total = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  if (i < n) total += load<f64>(a + (<usize>i << 3)) * load<f64>(b + (<usize>i << 3));
  return total;
}

/** Solves matrix * x = vector in place by Cholesky; returns 0, or the order of the minor that is not positive. */
function cholesky(matrix: usize, vector: usize, rank: i32, stride: i32): i32 {
  const step = <usize>stride << 3;
  for (let i = 0; i < rank; i++) {
    const row = matrix + <usize>i * step;
    for (let j = 0; j < i; j++) {
      const o = <usize>j << 3;
      const other = matrix + <usize>j * step;
      store<f64>(row + o, (load<f64>(row + o) - dotProduct(row, other, j)) * load<f64>(other + o));
    }
    const at = row + (<usize>i << 3);
    const pivot = load<f64>(at) - dotProduct(row, row, i);
    if (pivot <= 0) return i + 1;
    // The diagonal holds the reciprocals.
    const inverse = 1.0 / Math.sqrt(pivot);
    store<f64>(at, inverse);
    const v = vector + (<usize>i << 3);
    store<f64>(v, (load<f64>(v) - dotProduct(row, vector, i)) * inverse);
  }
  for (let i = rank - 1; i >= 0; i--) {
    const row = matrix + <usize>i * step;
    const x = load<f64>(vector + (<usize>i << 3)) * load<f64>(row + (<usize>i << 3));
    store<f64>(vector + (<usize>i << 3), x);
    for (let j = 0; j < i; j++) {
      const v = vector + (<usize>j << 3);
      store<f64>(v, load<f64>(v) - x * load<f64>(row + (<usize>j << 3)));
    }
  }
  return 0;
}

function multiply(matrix: usize, x: usize, n: i32, stride: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    store<f64>(out + (<usize>i << 3), dotProduct(matrix + ((<usize>i * <usize>stride) << 3), x, n));
  }
}

// @ts-ignore: decorator
@inline
function stops(step: f64, direction: f64, x: f64): bool {
  return step != step || step < 1e-7 || step > 1e40 || direction < 1e-12 * x || direction < 1e-32;
}

/**
 * Non-negative least squares by Polyak's conjugate gradient with projected steps (Spark's NNLS, SPARK-1794): minimises
 * x'Ax/2 - b'x over x >= 0 and leaves x in `vector`. `work` has room for six vectors.
 */
function nnls(matrix: usize, vector: usize, rank: i32, stride: i32, work: usize): void {
  const step = <usize>stride << 3;
  const bytes = <usize>rank << 3;
  const x = work;
  const residual = work + step;
  const gradient = work + 2 * step;
  const direction = work + 3 * step;
  const previous = work + 4 * step;
  const product = work + 5 * step;
  memory.fill(work, 0, 6 * step);
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j < i; j++) {
      store<f64>(
        matrix + <usize>j * step + (<usize>i << 3),
        load<f64>(matrix + <usize>i * step + (<usize>j << 3)),
      );
    }
  }
  const rounds = max(400, 20 * rank);
  let lastNorm: f64 = 0;
  let lastWall = 0;
  for (let round = 0; round < rounds; round++) {
    multiply(matrix, x, rank, stride, residual);
    for (let i: usize = 0; i < bytes; i += 8) {
      const r = load<f64>(residual + i) - load<f64>(vector + i);
      store<f64>(residual + i, r);
      const free = r <= 0 || load<f64>(x + i) != 0;
      store<f64>(gradient + i, free ? r : 0);
    }
    const norm = dotProduct(gradient, gradient, rank);
    memory.copy(direction, gradient, bytes);
    multiply(matrix, gradient, rank, stride, product);
    let length = dotProduct(gradient, residual, rank) / (dotProduct(product, gradient, rank) + 1e-20);
    const size = dotProduct(x, x, rank);
    let reach = norm;
    if (round > lastWall + 1) {
      const alpha = norm / lastNorm;
      for (let i: usize = 0; i < bytes; i += 8) {
        store<f64>(direction + i, load<f64>(direction + i) + alpha * load<f64>(previous + i));
      }
      multiply(matrix, direction, rank, stride, product);
      const conjugate = dotProduct(direction, residual, rank) / (dotProduct(product, direction, rank) + 1e-20);
      reach = dotProduct(direction, direction, rank);
      if (stops(conjugate, reach, size)) {
        memory.copy(direction, gradient, bytes);
        reach = norm;
      } else {
        length = conjugate;
      }
    }
    if (stops(length, reach, size)) break;
    for (let i: usize = 0; i < bytes; i += 8) {
      if (length * load<f64>(direction + i) > load<f64>(x + i)) length = load<f64>(x + i) / load<f64>(direction + i);
    }
    for (let i: usize = 0; i < bytes; i += 8) {
      const at = load<f64>(x + i);
      if (length * load<f64>(direction + i) > at * (1 - 1e-14)) {
        store<f64>(x + i, 0);
        lastWall = round;
      } else {
        store<f64>(x + i, at - length * load<f64>(direction + i));
      }
    }
    memory.copy(previous, direction, bytes);
    lastNorm = norm;
  }
  memory.copy(vector, x, bytes);
}

/**
 * Solves rows `start` to `end`. Row r has the ratings `indptr[r]` to `indptr[r + 1]` of the factors `indices`.
 * `base` is Y'Y with implicit preferences (then `alpha` weighs the ratings), else null.
 * Returns 0; else the order of the minor that is not positive: the matrix is singular.
 */
export function als_solve(
  indptr: usize,
  indices: usize,
  ratings: usize,
  start: i32,
  end: i32,
  source: usize,
  target: usize,
  rank: i32,
  stride: i32,
  regParam: f64,
  base: usize,
  alpha: f64,
  nonnegative: i32,
  work: usize,
): i32 {
  const step = <usize>stride << 3;
  const square = <usize>stride * step;
  const matrix = work;
  const vector = matrix + square;
  const rows = vector + step;
  const scaled = rows + <usize>BATCH * step;
  const nnlsWork = scaled + <usize>BATCH * step;
  for (let r = start; r < end; r++) {
    if (base == 0) memory.fill(matrix, 0, square);
    else memory.copy(matrix, base, square);
    memory.fill(vector, 0, step);
    const first = load<i32>(indptr + (<usize>r << 2));
    const last = load<i32>(indptr + (<usize>r << 2), 4);
    let explicit = 0;
    for (let from = first; from < last; from += BATCH) {
      const count = min(BATCH, last - from);
      for (let t = 0; t < count; t++) {
        const i = <usize>(from + t) << 2;
        const to = rows + <usize>t * step;
        widen(source + ((<usize>load<i32>(indices + i) * <usize>stride) << 2), to, stride);
        const rating = <f64>load<f32>(ratings + i);
        let b = rating;
        if (base != 0) {
          const confidence = alpha * Math.abs(rating);
          const c = f64x2.splat(confidence);
          const copy = scaled + <usize>t * step;
          for (let f: usize = 0; f < step; f += 16) v128.store(copy + f, f64x2.mul(c, v128.load(to + f)));
          if (rating > 0) explicit++;
          b = rating > 0 ? 1.0 + confidence : 0.0;
        }
        const s = f64x2.splat(b);
        for (let f: usize = 0; f < step; f += 16) {
          v128.store(vector + f, f64x2.add(v128.load(vector + f), f64x2.mul(s, v128.load(to + f))));
        }
      }
      gram(base == 0 ? rows : scaled, rows, count, stride, matrix);
    }
    if (base == 0) explicit = last - first;
    const lambda = <f64>explicit * regParam;
    for (let i = 0; i < rank; i++) {
      const at = matrix + <usize>i * (step + 8);
      store<f64>(at, load<f64>(at) + lambda);
    }
    if (nonnegative) {
      nnls(matrix, vector, rank, stride, nnlsWork);
    } else {
      const minor = cholesky(matrix, vector, rank, stride);
      if (minor != 0) return minor;
    }
    const out = target + ((<usize>r * <usize>stride) << 2);
    for (let i = 0; i < rank; i++) store<f32>(out + (<usize>i << 2), <f32>load<f64>(vector + (<usize>i << 3)));
  }
  return 0;
}
