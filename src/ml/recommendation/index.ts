export * from "./als.js";
