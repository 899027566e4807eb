import { atLeast, bytes, checked, double, entry, flag, optional } from "./config-entry.js";

const fraction = checked(double, (n) => n >= 0 && n <= 1, "It should be between 0 and 1.");

/** The budget that execution and storage share. */
export const memoryEntries = {
  executorMemory: optional(
    "spark.executor.memory",
    atLeast(bytes("m"), 0),
    "Memory of an executor; unset: 60 % of the machine's (Spark: 1g).",
  ),
  executorMemoryOverhead: optional(
    "spark.executor.memoryOverhead",
    atLeast(bytes("m"), 0),
    "What an executor process may use beyond its memory before tasks are stopped; unset: 1 GiB.",
  ),
  memoryFraction: entry("spark.memory.fraction", "0.6", fraction, "Share of memory for execution and storage."),
  storageFraction: entry(
    "spark.memory.storageFraction",
    "0.5",
    checked(double, (n) => n >= 0 && n < 1, "Storage fraction must be in [0,1)"),
    "Share of that which execution cannot evict.",
  ),
  reservedMemory: optional(
    "spark.testing.reservedMemory",
    atLeast(bytes(), 0),
    "Memory of an executor that the budget leaves alone; unset: 300 MiB.",
  ),
  offHeapEnabled: entry(
    "spark.memory.offHeap.enabled",
    "false",
    flag,
    "Whether the budget counts the off-heap size too.",
  ),
  offHeapSize: entry(
    "spark.memory.offHeap.size",
    "0b",
    checked(bytes(), (n) => n >= 0, "The off-heap memory size must not be negative"),
    "Bytes that are added to the budget when off-heap memory is enabled: kindling's blocks lie outside the JavaScript heap anyway.",
  ),
} as const;
