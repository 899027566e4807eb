export * from "./logical-plan.js";
export * from "./data.js";
export * from "./call-site.js";
export * from "./ids.js";
export {
  expressionKey,
  identity,
  isNullable,
  mapOperands,
  operandsOf,
  referencesOf,
  sameExpression,
  someExpression,
  substitute,
  transformDown,
  transformUp,
  typeOf,
} from "../expressions/index.js";
export * from "./output-of.js";
export * from "./plan-tree.js";
export * from "./canonical-key.js";
