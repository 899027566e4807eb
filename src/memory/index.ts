export * from "./block.js";
export * from "./execution-heap.js";
