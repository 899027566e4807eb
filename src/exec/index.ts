export * from "./partition-function.js";
export * from "./task.js";
export * from "./executor-pool.js";
export * from "./scheduler.js";
export * from "./pass.js";
export * from "./pass-pool.js";
export * from "./worker-heap.js";
export * from "./engine.js";
