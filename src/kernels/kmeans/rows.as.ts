// What the dense and the sparse kernels share.

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
  store<f64>(at, cost);
  store<i32>(nearest + (<usize>r << 2), center);
  return cost;
}
