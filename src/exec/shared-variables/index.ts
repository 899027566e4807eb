import "./portable-accumulators.js";

export * from "./accumulator-v2.js";
export * from "./built-in-accumulators.js";
export * from "./accumulator.js";
export * from "./accumulator-registry.js";
export * from "./broadcast.js";
export * from "./running-task.js";
