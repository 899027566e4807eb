// Weighted sums of the features about a shift, which keeps their digits when the mean is far larger than the spread:
// `out` receives, by feature, sum of w (x - s), then sum of w (x - s)^2, then (CSR only) the weight of the stored values.
// A constant column has x - s = 0 in every row, so its variance comes out as exactly zero.

/** Dense row-major rows. Weights may be null. */
export function moments_dense(x: usize, weights: usize, rows: i32, d: i32, shift: usize, out: usize): void {
  const stride = <usize>d << 3;
  const even = <usize>(d & ~1) << 3;
  const squares = out + stride;
  memory.fill(out, 0, 2 * stride);
  // Four rows at a time: the sums, not the rows, are what costs loads and stores.
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const a = x + <usize>r * stride;
    const at = weights + (<usize>r << 3);
    const qa = weights == 0 ? 1 : load<f64>(at);
    const qb = weights == 0 ? 1 : load<f64>(at, 8);
    const qc = weights == 0 ? 1 : load<f64>(at, 16);
    const qe = weights == 0 ? 1 : load<f64>(at, 24);
    const va = f64x2.splat(qa);
    const vb = f64x2.splat(qb);
    const vc = f64x2.splat(qc);
    const ve = f64x2.splat(qe);
    for (let o: usize = 0; o < even; o += 16) {
      const s = v128.load(shift + o);
      const row = a + o;
      const ua = f64x2.sub(v128.load(row), s);
      const ub = f64x2.sub(v128.load(row + stride), s);
      const uc = f64x2.sub(v128.load(row + 2 * stride), s);
      const ue = f64x2.sub(v128.load(row + 3 * stride), s);
      const wa = f64x2.mul(va, ua);
      const wb = f64x2.mul(vb, ub);
      const wc = f64x2.mul(vc, uc);
      const we = f64x2.mul(ve, ue);
      const sum = f64x2.add(f64x2.add(wa, wb), f64x2.add(wc, we));
      const left = f64x2.add(f64x2.mul(wa, ua), f64x2.mul(wb, ub));
      const right = f64x2.add(f64x2.mul(wc, uc), f64x2.mul(we, ue));
      v128.store(out + o, f64x2.add(v128.load(out + o), sum));
      v128.store(squares + o, f64x2.add(v128.load(squares + o), f64x2.add(left, right)));
    }
    if (d & 1) {
      let row = a + even;
      for (let t: usize = 0; t < 4; t++) {
        const weight = weights == 0 ? 1 : load<f64>(at + (t << 3));
        const u = load<f64>(row) - load<f64>(shift + even);
        store<f64>(out + even, load<f64>(out + even) + weight * u);
        store<f64>(squares + even, load<f64>(squares + even) + weight * u * u);
        row += stride;
      }
    }
  }
  for (; r < rows; r++) {
    const row = x + <usize>r * stride;
    const weight = weights == 0 ? 1 : load<f64>(weights + (<usize>r << 3));
    for (let o: usize = 0; o < stride; o += 8) {
      const u = load<f64>(row + o) - load<f64>(shift + o);
      store<f64>(out + o, load<f64>(out + o) + weight * u);
      store<f64>(squares + o, load<f64>(squares + o) + weight * u * u);
    }
  }
}

/** Stored values of the rows `start` to `end` in CSR; what is not stored is left to the caller. */
export function moments_csr(
  values: usize,
  indices: usize,
  offsets: usize,
  weights: usize,
  start: i32,
  end: i32,
  d: i32,
  shift: usize,
  out: usize,
): void {
  const width = <usize>d << 3;
  memory.fill(out, 0, 3 * width);
  for (let r = start; r < end; r++) {
    const weight = weights == 0 ? 1 : load<f64>(weights + (<usize>r << 3));
    const to = load<i32>(offsets + (<usize>r << 2), 4);
    for (let k = load<i32>(offsets + (<usize>r << 2)); k < to; k++) {
      const o = <usize>load<i32>(indices + (<usize>k << 2)) << 3;
      const u = load<f64>(values + (<usize>k << 3)) - load<f64>(shift + o);
      const at = out + o;
      store<f64>(at, load<f64>(at) + weight * u);
      store<f64>(at + width, load<f64>(at + width) + weight * u * u);
      store<f64>(at + 2 * width, load<f64>(at + 2 * width) + weight);
    }
  }
}
