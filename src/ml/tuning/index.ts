export * from "./cross-validator.js";
export * from "./cross-validator-model.js";
export * from "./param-grid-builder.js";
export * from "./train-validation-split.js";
export * from "./train-validation-split-model.js";
