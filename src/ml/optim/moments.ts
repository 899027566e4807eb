import { blas } from "../../linalg/index.js";

/** Weighted sums over (weight w, features a, label b) rows, of which the normal equations are made. */
export interface MomentSums {
  readonly numFeatures: number;
  readonly count: number;
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

/** Means of second order and standard deviations, as Spark derives them from the sums. */
export interface Moments {
  readonly bBar: number;
  readonly bbBar: number;
  readonly bStd: number;
  readonly aBar: Float64Array;
  readonly abBar: Float64Array;
  readonly aaBar: Float64Array;
  readonly aStd: Float64Array;
}

export function momentsOf(sums: MomentSums): Moments {
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
