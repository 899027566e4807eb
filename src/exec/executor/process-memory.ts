import { totalmem } from "node:os";
import type { SparkConf } from "../../common/index.js";

const MiB = 2 ** 20;
/** What code, the driver's own heap and buffers in flight need beyond `spark.executor.memory`. */
const OVERHEAD = 1024 * MiB;
/** Share of the machine that one process may fill, whatever the settings say. */
const MOST = 0.85;
const WORKER_HEAP_MIN = 128 * MiB;
const WORKER_HEAP_MAX = 4096 * MiB;

/** Memory of the machine, or of the container that this process is in. */
export function machineMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** What one executor process may use. */
export interface ProcessMemory {
  /** Resident bytes beyond which tasks are stopped. */
  readonly memoryLimit: number;
  /** JavaScript heap of one worker thread, in MiB. */
  readonly workerHeapMb: number;
}

/**
 * Limits of a process with `cores` workers. `executorMemory` is `spark.executor.memory` (or what local-cluster gives each
 * executor), undefined when nobody set it; `spark.executor.memoryOverhead` is what it may use beyond that.
 */
export function processMemory(conf: SparkConf, cores: number, executorMemory: number | undefined): ProcessMemory {
  const machine = machineMemory();
  const most = MOST * machine;
  const overhead = conf.value("executorMemoryOverhead") ?? OVERHEAD;
  const limit = executorMemory === undefined ? most : Math.min(most, executorMemory + overhead);
  const heap = (executorMemory ?? 0.6 * machine) / cores;
  return {
    memoryLimit: limit,
    workerHeapMb: Math.round(Math.min(WORKER_HEAP_MAX, Math.max(WORKER_HEAP_MIN, heap)) / MiB),
  };
}
