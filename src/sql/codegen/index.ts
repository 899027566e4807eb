export * from "./value.js";
export * from "./emitter.js";
