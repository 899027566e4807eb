export * from "./atomic-save.js";
export * from "./metadata-file.js";
export * from "./parquet-data.js";
