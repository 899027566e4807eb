export * from "./csv-format.js";
