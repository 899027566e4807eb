export * from "./binary-classification-evaluator.js";
export * from "./clustering-evaluator.js";
export * from "./multiclass-classification-evaluator.js";
export * from "./multilabel-classification-evaluator.js";
export * from "./ranking-evaluator.js";
export * from "./regression-evaluator.js";
export * from "./metrics/index.js";
