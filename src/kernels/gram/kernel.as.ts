// Weighted Gram matrix of the rows [features, label, 1]: all second-order moments of a regression in one sweep.
// Features and label are taken about a `shift` (d + 1 doubles), which keeps the digits of columns far from zero.
//
// Columns are taken in panels of four. Rows are copied into panels block by block (panel p of the block: BLOCK rows of four
// doubles), padded with zeros, so that a tile of 4 x 4 sums stays in registers while it runs down the block.
// `sums` holds the tiles (p, q), p <= q, for the panels q from `first` to `last`, at ((q - first) * panels + p) * 16 doubles.
// The packed form of columns from..to is the upper triangle column by column, starting with column `from`.

const BLOCK: i32 = 64;
const PANEL: usize = <usize>BLOCK * 32;

// @ts-ignore: decorator
@inline
function panelsOf(d: i32): i32 {
  return (d + 2 + 3) >> 2;
}

/** Copies `count` rows, less the shift, into panels at `to`, scaled by their weights unless `weights` is null. */
function pack(x: usize, labels: usize, weights: usize, count: i32, d: i32, shift: usize, to: usize): void {
  const stride = <usize>d << 3;
  const full = d >> 2;
  for (let r = 0; r < count; r++) {
    const row = x + <usize>r * stride;
    const weight = weights == 0 ? 1 : load<f64>(weights + (<usize>r << 3));
    const q = f64x2.splat(weight);
    let cell = to + (<usize>r << 5);
    for (let p = 0; p < full; p++) {
      const o = <usize>p << 5;
      v128.store(cell, f64x2.mul(q, f64x2.sub(v128.load(row + o), v128.load(shift + o))));
      v128.store(cell, f64x2.mul(q, f64x2.sub(v128.load(row + o, 16), v128.load(shift + o, 16))), 16);
      cell += PANEL;
    }
    const label = load<f64>(labels + (<usize>r << 3));
    for (let j = full << 2; j < panelsOf(d) << 2; j++) {
      let v: f64 = j == d + 1 ? 1 : 0;
      if (j <= d) v = (j < d ? load<f64>(row + (<usize>j << 3)) : label) - load<f64>(shift + (<usize>j << 3));
      store<f64>(cell + (<usize>(j & 3) << 3), weight * v);
      if ((j & 3) == 3) cell += PANEL;
    }
  }
}

/** sums += a' b over the block's rows, for panels `a` and `b`. */
// @ts-ignore: decorator
@inline
function tile(a: usize, b: usize, count: i32, sums: usize): void {
  let s00 = v128.load(sums);
  let s01 = v128.load(sums, 16);
  let s10 = v128.load(sums, 32);
  let s11 = v128.load(sums, 48);
  let s20 = v128.load(sums, 64);
  let s21 = v128.load(sums, 80);
  let s30 = v128.load(sums, 96);
  let s31 = v128.load(sums, 112);
  for (let r = 0; r < count; r++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f64>(a);
    s00 = f64x2.add(s00, f64x2.mul(a0, b0));
    s01 = f64x2.add(s01, f64x2.mul(a0, b1));
    const a1 = v128.load_splat<f64>(a, 8);
    s10 = f64x2.add(s10, f64x2.mul(a1, b0));
    s11 = f64x2.add(s11, f64x2.mul(a1, b1));
    const a2 = v128.load_splat<f64>(a, 16);
    s20 = f64x2.add(s20, f64x2.mul(a2, b0));
    s21 = f64x2.add(s21, f64x2.mul(a2, b1));
    const a3 = v128.load_splat<f64>(a, 24);
    s30 = f64x2.add(s30, f64x2.mul(a3, b0));
    s31 = f64x2.add(s31, f64x2.mul(a3, b1));
    a += 32;
    b += 32;
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(sums, s10, 32);
  v128.store(sums, s11, 48);
  v128.store(sums, s20, 64);
  v128.store(sums, s21, 80);
  v128.store(sums, s30, 96);
  v128.store(sums, s31, 112);
}

/** Bytes of scratch that `gram_dense` needs. */
export function gram_scratch_bytes(d: i32): i32 {
  return 2 * panelsOf(d) * <i32>PANEL;
}

/** Adds `rows` dense row-major rows to the tiles of the panels `first` to `last`. Weights may be null. */
export function gram_dense(
  x: usize,
  labels: usize,
  weights: usize,
  rows: i32,
  d: i32,
  shift: usize,
  first: i32,
  last: i32,
  scratch: usize,
  sums: usize,
): void {
  const panels = panelsOf(d);
  const weighted = weights == 0 ? scratch : scratch + <usize>panels * PANEL;
  for (let r = 0; r < rows; r += BLOCK) {
    const count = min(BLOCK, rows - r);
    const at = <usize>r << 3;
    pack(x + at * <usize>d, labels + at, 0, count, d, shift, scratch);
    if (weights != 0) pack(x + at * <usize>d, labels + at, weights + at, count, d, shift, weighted);
    for (let q = first; q < last; q++) {
      const b = weighted + <usize>q * PANEL;
      let cell = sums + <usize>((q - first) * panels) * 128;
      for (let p = 0; p <= q; p++) {
        tile(scratch + <usize>p * PANEL, b, count, cell);
        cell += 128;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function packed(j: i32): usize {
  return (<usize>j * <usize>(j + 1)) >> 1;
}

/** Writes the packed form of the panels `first` to `last`. */
export function gram_unpack(sums: usize, d: i32, first: i32, last: i32, out: usize): void {
  const panels = panelsOf(d);
  const base = packed(first << 2);
  for (let j = first << 2; j < min(last << 2, d + 2); j++) {
    for (let i = 0; i <= j; i++) {
      const at = sums + <usize>(((j >> 2) - first) * panels + (i >> 2)) * 128;
      const value = load<f64>(at + (<usize>((i & 3) * 4 + (j & 3)) << 3));
      store<f64>(out + ((packed(j) - base + <usize>i) << 3), value);
    }
  }
}

// @ts-ignore: decorator
@inline
function add(at: usize, v: f64): void {
  store<f64>(at, load<f64>(at) + v);
}

/** Adds rows `start` to `end` in CSR to the packed columns `from` to `to`. Weights may be null. */
export function gram_csr(
  values: usize,
  indices: usize,
  offsets: usize,
  labels: usize,
  weights: usize,
  start: i32,
  end: i32,
  d: i32,
  from: i32,
  to: i32,
  out: usize,
): void {
  const base = packed(from);
  for (let r = start; r < end; r++) {
    const begin = load<i32>(offsets + (<usize>r << 2));
    const stop = load<i32>(offsets + (<usize>r << 2), 4);
    const at = <usize>r << 3;
    const weight = weights == 0 ? 1 : load<f64>(weights + at);
    const label = load<f64>(labels + at);
    for (let q = begin; q < stop; q++) {
      const j = load<i32>(indices + (<usize>q << 2));
      if (j < from || j >= to) continue;
      const column = out + ((packed(j) - base) << 3);
      const scaled = weight * load<f64>(values + (<usize>q << 3));
      for (let p = begin; p <= q; p++) {
        add(column + (<usize>load<i32>(indices + (<usize>p << 2)) << 3), scaled * load<f64>(values + (<usize>p << 3)));
      }
    }
    for (let j = max(d, from); j < min(d + 2, to); j++) {
      const column = out + ((packed(j) - base) << 3);
      const scaled = j == d ? weight * label : weight;
      for (let p = begin; p < stop; p++) {
        add(column + (<usize>load<i32>(indices + (<usize>p << 2)) << 3), scaled * load<f64>(values + (<usize>p << 3)));
      }
      add(column + (<usize>d << 3), scaled * label);
      if (j > d) add(column + (<usize>d << 3) + 8, scaled);
    }
  }
}
