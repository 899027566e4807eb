// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** a . b; rows are read one after the other, which hardware prefetching follows better than several at once. */
// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, d: i32): f64 {
  const even = <usize>(d & ~1) << 3;
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let o: usize = 0;
  for (; o + 64 <= even; o += 64) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a + o), v128.load(b + o)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a + o, 16), v128.load(b + o, 16)));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(a + o, 32), v128.load(b + o, 32)));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(a + o, 48), v128.load(b + o, 48)));
  }
  for (; o < even; o += 16) s0 = f64x2.add(s0, f64x2.mul(v128.load(a + o), v128.load(b + o)));
  const sum = sumLanes(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  return d & 1 ? sum + load<f64>(a + even) * load<f64>(b + even) : sum;
}

