/** 2-by-2 building blocks of the singular value decomposition, with LAPACK's arithmetic step by step. */

export const EPSILON = 2 ** -53;
export const SAFE_MINIMUM = 2 ** -1022;

/** `magnitude` with the sign of `of`. */
export const withSign = (magnitude: number, of: number): number =>
  of < 0 || Object.is(of, -0) ? -Math.abs(magnitude) : Math.abs(magnitude);

/** A rotation that turns (f, g) into (r, 0): DLARTG of LAPACK 3.1. */
export interface Rotation {
  readonly cos: number;
  readonly sin: number;
  readonly r: number;
}

const TINY = 2 ** -484;
const HUGE = 2 ** 484;

export function rotationOf(f: number, g: number): Rotation {
  if (g === 0) return { cos: 1, sin: 0, r: f };
  if (f === 0) return { cos: 0, sin: 1, r: g };
  let [f1, g1] = [f, g];
  let factor = 1;
  while (Math.max(Math.abs(f1), Math.abs(g1)) >= HUGE) [f1, g1, factor] = [f1 * TINY, g1 * TINY, factor * HUGE];
  while (Math.max(Math.abs(f1), Math.abs(g1)) <= TINY) [f1, g1, factor] = [f1 * HUGE, g1 * HUGE, factor * TINY];
  const length = Math.sqrt(f1 * f1 + g1 * g1);
  const [cos, sin, r] = [f1 / length, g1 / length, length * factor];
  return Math.abs(f) > Math.abs(g) && cos < 0 ? { cos: -cos, sin: -sin, r: -r } : { cos, sin, r };
}

/** The smaller singular value of [[f, g], [0, h]]: DLAS2. */
export function smallerSingularValue(f: number, g: number, h: number): number {
  const ga = Math.abs(g);
  const low = Math.min(Math.abs(f), Math.abs(h));
  const high = Math.max(Math.abs(f), Math.abs(h));
  if (low === 0) return 0;
  const sum = 1 + low / high;
  const difference = (high - low) / high;
  if (ga < high) {
    const u = (ga / high) * (ga / high);
    return low * (2 / (Math.sqrt(sum * sum + u) + Math.sqrt(difference * difference + u)));
  }
  const u = high / ga;
  if (u === 0) return (low * high) / ga;
  const c = 1 / (Math.sqrt(1 + sum * u * (sum * u)) + Math.sqrt(1 + difference * u * (difference * u)));
  const half = low * c * u;
  return half + half;
}

/** Singular value decomposition of [[f, g], [0, h]]: DLASV2. */
export interface TriangleSvd {
  readonly min: number;
  readonly max: number;
  readonly sinRight: number;
  readonly cosRight: number;
  readonly sinLeft: number;
  readonly cosLeft: number;
}

export function triangleSvd(f: number, g: number, h: number): TriangleSvd {
  const swapped = Math.abs(h) > Math.abs(f);
  const [ft, ht] = swapped ? [h, f] : [f, h];
  const [fa, ha, ga] = [Math.abs(ft), Math.abs(ht), Math.abs(g)];
  let largest: "f" | "g" | "h" = swapped ? "h" : "f";
  let [min, max, cl, cr, sl, sr] = [ha, fa, 1, 1, 0, 0];
  if (ga > fa) largest = "g";
  if (ga > fa && fa / ga < EPSILON) {
    max = ga;
    min = ha > 1 ? fa / (ga / ha) : (fa / ga) * ha;
    [cl, sl, sr, cr] = [1, ht / g, 1, ft / g];
  } else if (ga !== 0) {
    const d = fa - ha;
    const l = d === fa ? 1 : d / fa;
    const m = g / ft;
    let t = 2 - l;
    const mm = m * m;
    const s = Math.sqrt(t * t + mm);
    const r = l === 0 ? Math.abs(m) : Math.sqrt(l * l + mm);
    const a = 0.5 * (s + r);
    min = ha / a;
    max = fa * a;
    if (mm !== 0) t = (m / (s + t) + m / (r + l)) * (1 + a);
    else if (l === 0) t = withSign(2, ft) * withSign(1, g);
    else t = g / withSign(d, ft) + m / t;
    const length = Math.sqrt(t * t + 4);
    cr = 2 / length;
    sr = t / length;
    cl = (cr + sr * m) / a;
    sl = ((ht / ft) * sr) / a;
  }
  const [cosLeft, sinLeft, cosRight, sinRight] = swapped ? [sr, cr, sl, cl] : [cl, sl, cr, sr];
  const one = (x: number): number => withSign(1, x);
  const sign =
    largest === "f"
      ? one(cosRight) * one(cosLeft) * one(f)
      : largest === "g"
        ? one(sinRight) * one(cosLeft) * one(g)
        : one(sinRight) * one(sinLeft) * one(h);
  return {
    max: withSign(max, sign),
    min: withSign(min, sign * one(f) * one(h)),
    sinRight,
    cosRight,
    sinLeft,
    cosLeft,
  };
}
