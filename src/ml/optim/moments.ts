import { blas } from "../../linalg/index.js";

/**
 * Weighted sums over (weight w, features x, label y) rows, of which the normal equations are made, with a = x - shift and
 * b = y - labelShift. A shift near the mean keeps the digits of columns far from zero, and a constant column's variance at zero.
 */
export interface MomentSums {
  readonly numFeatures: number;
  readonly count: number;
  readonly shift: Float64Array;
  readonly labelShift: number;
  /** sum w */
  readonly w: number;
  /** sum w b */
  readonly b: number;
  /** sum w b b */
  readonly bb: number;
  /** sum w a */
  readonly a: Float64Array;
  /** sum w a b */
  readonly ab: Float64Array;
  /** sum w a a', packed upper triangle */
  readonly aa: Float64Array;
}

/** Means up to second order, and standard deviations (which do not depend on the shift). */
export interface Moments {
  readonly bBar: number;
  readonly bbBar: number;
  readonly bStd: number;
  readonly aBar: Float64Array;
  readonly abBar: Float64Array;
  readonly aaBar: Float64Array;
  readonly aStd: Float64Array;
}

/** Moments about the sums' own shift. */
export function shiftedMoments(sums: MomentSums): Moments {
  const { w } = sums;
  const bBar = sums.b / w;
  const bbBar = sums.bb / w;
  const aBar = sums.a.map((v) => v / w);
  const aaBar = sums.aa.map((v) => v / w);
  return {
    bBar,
    bbBar,
    bStd: Math.sqrt(Math.max(bbBar - bBar * bBar, 0)),
    aBar,
    abBar: sums.ab.map((v) => v / w),
    aaBar,
    aStd: aBar.map((mean, i) => Math.sqrt(Math.max(aaBar[blas.packedLength(i) + i] - mean * mean, 0))),
  };
}

/** Moments about zero, of the moments about a shift. */
export function momentsAboutZero(m: Moments, { shift: s, labelShift: t }: MomentSums): Moments {
  const aaBar = m.aaBar.slice();
  for (let j = 0, k = 0; j < s.length; j++) {
    for (let i = 0; i <= j; i++) aaBar[k++] += s[i] * m.aBar[j] + m.aBar[i] * s[j] + s[i] * s[j];
  }
  return {
    bBar: m.bBar + t,
    bbBar: m.bbBar + 2 * t * m.bBar + t * t,
    bStd: m.bStd,
    aBar: m.aBar.map((v, j) => v + s[j]),
    abBar: m.abBar.map((v, j) => v + s[j] * m.bBar + m.aBar[j] * t + s[j] * t),
    aaBar,
    aStd: m.aStd,
  };
}
