export * from "./can-cast.js";
export * from "./cast-errors.js";
export * from "./cast-value.js";
export * from "./parse-number.js";
export * from "./text-of.js";
