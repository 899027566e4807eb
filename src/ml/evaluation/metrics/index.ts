export * from "./binary-classification-metrics.js";
export { binaryAreas, binaryCurve, type BinaryCurveRequest, curveAreas } from "./binary-curve.js";
export type { CurveAreas } from "./curve-areas.js";
export * from "./multiclass-metrics.js";
export * from "./multilabel-metrics.js";
export * from "./ranking-metrics.js";
export * from "./regression-metrics.js";
export type { BinaryCurve } from "./score-groups.js";
export * from "./silhouette.js";
