import type { MathImport } from "./emitter.js";

/** What generated code imports for `Emitter.math`. */
export const mathFunctions: Readonly<Record<MathImport, (a: number, b: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: (x) => Math.log(x) / Math.LN2,
  cbrt: Math.cbrt,
  // Spark adds 0.0 to both, which turns -0.0 into 0.0.
  atan2: (y, x) => Math.atan2(y + 0, x + 0),
  pow: Math.pow,
  hypot: Math.hypot,
  fmod: (a, b) => a % b,
};
