export * from "./analyzer.js";
export * from "./analysis-errors.js";
export * from "./expression-name.js";
export * from "./resolve-join.js";
export * from "./resolve-name.js";
export { castTo, commonType, isAggregateCall, isDeterministic } from "./resolve-call.js";
export { isOrderable } from "./resolve-sort.js";
export { checkCompatible, widened } from "./resolve-union.js";
