export * from "./block.js";
export * from "./execution-heap.js";
export * from "./unified-memory.js";
