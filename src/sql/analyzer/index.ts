export * from "./analyzer.js";
export * from "./analysis-errors.js";
export * from "./expression-name.js";
export * from "./resolve-join.js";
export * from "./resolve-name.js";
export { isAggregateCall } from "./resolve-call.js";
export { isOrderable } from "./resolve-sort.js";
export { checkCompatible, widened } from "./resolve-union.js";
