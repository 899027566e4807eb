export * from "./libsvm-format.js";
