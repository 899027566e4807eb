export * from "./storage-level.js";
export * from "./memory-budget.js";
export * from "./spill-directory.js";
export * from "./packed-block.js";
export * from "./checkpoint-files.js";
