export * from "./pipeline.js";
export * from "./pipeline-model.js";
