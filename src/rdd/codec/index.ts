export * from "./element-builder.js";
export * from "./element-reader.js";
export * from "./rows.js";
export * from "./rough-size.js";
export * from "./serialize.js";
