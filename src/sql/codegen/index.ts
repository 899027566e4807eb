export * from "./value.js";
export * from "./emitter.js";
export * from "./function-builder.js";
export * from "./module-builder.js";
export * from "./math-functions.js";
export * from "./pipeline-builder.js";
