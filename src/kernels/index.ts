export * from "./kernel-module.js";
