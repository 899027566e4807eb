export * from "./layout.js";
export * from "./column.js";
