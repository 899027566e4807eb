import { totalmem } from "node:os";
import { parseMaster, type SparkConf } from "../common/index.js";

const RESERVED_BYTES = 300 * 2 ** 20;
/** Share of the machine for a session that names no executor memory. */
const MACHINE_SHARE = 0.6;

/** What execution and storage share in one executor process, in bytes. */
export interface MemoryBudget {
  readonly total: number;
  /** Storage that execution cannot push out. */
  readonly storageFloor: number;
}

/**
 * Spark's unified memory: (`spark.executor.memory` - 300 MiB) * `spark.memory.fraction`, of which storage keeps
 * `spark.memory.storageFraction`. Executors of a local cluster have the memory that its master names; without either it is
 * 60 % of the machine's.
 */
export function memoryBudget(conf: SparkConf): MemoryBudget {
  const master = parseMaster(conf.value("master"));
  const executor = master.kind === "local-cluster" ? master.memoryPerExecutor : conf.value("executorMemory");
  const reserved = conf.value("reservedMemory") ?? RESERVED_BYTES;
  const total =
    executor === undefined ? machineMemory() * MACHINE_SHARE : (executor - reserved) * conf.value("memoryFraction");
  const offHeap = conf.value("offHeapEnabled") ? conf.value("offHeapSize") : 0;
  const bytes = Math.max(0, Math.floor(total + offHeap));
  return { total: bytes, storageFloor: Math.floor(bytes * conf.value("storageFraction")) };
}

/** Memory of the machine, or of the container this runs in where that is less. */
function machineMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
