export * from "./logical-plan.js";
export * from "./data.js";
export * from "./call-site.js";
export * from "./ids.js";
export * from "./expression-tree.js";
export * from "./expression-type.js";
export * from "./output-of.js";
export * from "./plan-tree.js";
