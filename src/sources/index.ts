export * from "./csv/index.js";
export * from "./json/index.js";
export * from "./libsvm/index.js";
export * from "./parquet/index.js";
export * from "./text/index.js";
