export * from "./parquet/index.js";
