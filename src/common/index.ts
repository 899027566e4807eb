export * from "./errors.js";
export * from "./events.js";
export * from "./config.js";
export * from "./dist-url.js";
export * from "./java-double.js";
