// exp and log1p of two doubles at once, to about one unit in the last place.
//
// Constants are loaded from a table: V8 builds a splatted constant anew, in five instructions, wherever one is used.

// prettier-ignore
const TABLE: usize = memory.data<f64>([
  1, 2, 0.5, -708, 1.4142135623730951, 1.4426950408889634, 6.9314718036912381649e-1, 1.90821492927058770002e-10, 6755399441055744,
  // 1/12!, 1/10!, ..., 1/2!
  2.08767569878681e-9, 2.755731922398589e-7, 2.48015873015873e-5, 1.388888888888889e-3, 4.1666666666666664e-2, 0.5,
  // 1/13!, 1/11!, ..., 1/3!
  1.6059043836821613e-10, 2.505210838544172e-8, 2.7557319223985893e-6, 1.984126984126984e-4, 8.333333333333333e-3, 1.6666666666666666e-1,
  // fdlibm's log: Lg7 to Lg1
  1.479819860511658591e-1, 1.531383769920937332e-1, 1.818357216161805012e-1, 2.222219843214978396e-1, 2.857142874366239149e-1,
  3.999999999940941908e-1, 6.66666666666673513e-1,
]);
const ONE: usize = TABLE;
const TWO: usize = TABLE + 8;
const HALF: usize = TABLE + 16;
const LEAST: usize = TABLE + 24;
const SQRT2: usize = TABLE + 32;
const LOG2_E: usize = TABLE + 40;
const LN2_HIGH: usize = TABLE + 48;
const LN2_LOW: usize = TABLE + 56;
/** Adding it leaves an integer in the low bits of a double. */
const ROUNDING: usize = TABLE + 64;
const EVEN: usize = TABLE + 72;
const ODD: usize = TABLE + 120;
const LOG: usize = TABLE + 168;

// @ts-ignore: decorator
@inline
function at(constant: usize): v128 {
  return v128.load_splat<f64>(constant);
}

// @ts-ignore: decorator
@inline
function horner(sum: v128, x: v128, constant: usize): v128 {
  return f64x2.add(f64x2.mul(sum, x), at(constant));
}

/** e^x for x <= 0; below -708 it is e^-708. */
// @ts-ignore: decorator
@inline
export function expNegative(x: v128): v128 {
  const a = f64x2.pmax(x, at(LEAST));
  const shifted = f64x2.add(f64x2.mul(a, at(LOG2_E)), at(ROUNDING));
  const k = f64x2.sub(shifted, at(ROUNDING));
  const r = f64x2.sub(f64x2.sub(a, f64x2.mul(k, at(LN2_HIGH))), f64x2.mul(k, at(LN2_LOW)));
  // Taylor's series to r^13, |r| <= ln(2) / 2, even and odd powers apart to shorten the chain.
  const z = f64x2.mul(r, r);
  let even = at(EVEN);
  let odd = at(ODD);
  even = horner(even, z, EVEN + 8);
  odd = horner(odd, z, ODD + 8);
  even = horner(even, z, EVEN + 16);
  odd = horner(odd, z, ODD + 16);
  even = horner(even, z, EVEN + 24);
  odd = horner(odd, z, ODD + 24);
  even = horner(even, z, EVEN + 32);
  odd = horner(odd, z, ODD + 32);
  even = horner(even, z, EVEN + 40);
  odd = horner(odd, z, ODD + 40);
  const tail = f64x2.mul(z, f64x2.add(even, f64x2.mul(r, odd)));
  const power = f64x2.add(at(ONE), f64x2.add(r, tail));
  return i64x2.add(power, i64x2.shl(shifted, 52));
}

/** log(1 + e) for 0 <= e <= 1, given u = 1 + e and q = 1 / u: fdlibm's rational form, with its correction for rounding u. */
// @ts-ignore: decorator
@inline
export function logOnePlus(e: v128, u: v128, q: v128): v128 {
  const lost = f64x2.mul(f64x2.sub(e, f64x2.sub(u, at(ONE))), q);
  const large = f64x2.gt(u, at(SQRT2));
  const f = f64x2.sub(v128.bitselect(f64x2.mul(u, at(HALF)), u, large), at(ONE));
  const s = f64x2.div(f, f64x2.add(f, at(TWO)));
  const z = f64x2.mul(s, s);
  let sum = at(LOG);
  sum = horner(sum, z, LOG + 8);
  sum = horner(sum, z, LOG + 16);
  sum = horner(sum, z, LOG + 24);
  sum = horner(sum, z, LOG + 32);
  sum = horner(sum, z, LOG + 40);
  sum = horner(sum, z, LOG + 48);
  const half = f64x2.mul(f64x2.mul(f, f), at(HALF));
  const correction = f64x2.mul(s, f64x2.add(half, f64x2.mul(sum, z)));
  const high = v128.and(large, at(LN2_HIGH));
  const low = f64x2.add(lost, v128.and(large, at(LN2_LOW)));
  return f64x2.add(high, f64x2.sub(f, f64x2.sub(f64x2.sub(half, correction), low)));
}
