export * from "./parquet-format.js";
