export * from "./json-format.js";
