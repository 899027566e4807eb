import type { SparkConf } from "../../common/index.js";
import { cancelGrace } from "./cancel-grace.js";
import { processMemory } from "./process-memory.js";
import { type ExecutorHooks, ThreadExecutor } from "./thread-executor.js";

export type { ExecutorHooks } from "./thread-executor.js";

/** The executor made of this process's threads: the only one of `local[N]`, the whole of a `local-cluster` child. */
export function localExecutor(
  conf: SparkConf,
  place: { readonly id: string; readonly cores: number; readonly memory: number | undefined },
  hooks: ExecutorHooks = {},
): ThreadExecutor {
  const { id, cores, memory } = place;
  return new ThreadExecutor({
    id,
    cores,
    cancelGraceMs: cancelGrace(conf),
    ...processMemory(conf, cores, memory),
    hooks,
  });
}
