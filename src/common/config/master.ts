import { availableParallelism } from "node:os";
import { IllegalArgumentException } from "../errors.js";

/** What a master URL asks for. */
export type Master =
  | {
      readonly kind: "local";
      readonly threads: number;
      /** Of one task, before its job fails. */ readonly maxFailures: number;
    }
  | {
      readonly kind: "local-cluster";
      readonly executors: number;
      readonly coresPerExecutor: number;
      /** In bytes. */
      readonly memoryPerExecutor: number;
    };

/** Reads `local`, `local[N]`, `local[*]`, `local[N,F]` and `local-cluster[executors,cores,MiB]`. */
export function parseMaster(master: string): Master {
  const text = master.trim();
  const refuse = (why: string): never => {
    throw new IllegalArgumentException(
      `${why}; use local, local[N], local[*], local[N,F] or local-cluster[executors,cores,MiB] in "spark.master"`,
      { parameters: { confName: "spark.master", confValue: master } },
    );
  };
  const local = /^local(?:\[\s*(\d+|\*)\s*(?:,\s*(\d+)\s*)?\])?$/.exec(text);
  if (local) {
    const threads = local[1] === undefined ? 1 : local[1] === "*" ? availableParallelism() : Number(local[1]);
    if (threads < 1) refuse(`Asked to run locally with ${threads} threads`);
    const maxFailures = local[2] === undefined ? 1 : Number(local[2]);
    if (maxFailures < 1) refuse(`Asked for ${maxFailures} failures of a task`);
    return { kind: "local", threads, maxFailures };
  }
  const cluster = /^local-cluster\[\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\]$/.exec(text);
  if (!cluster) return refuse(`Could not parse Master URL: '${master}'`);
  const [executors, coresPerExecutor, megabytes] = cluster.slice(1).map(Number);
  if (executors < 1 || coresPerExecutor < 1 || megabytes < 1) refuse(`Asked for an empty cluster: '${master}'`);
  return { kind: "local-cluster", executors, coresPerExecutor, memoryPerExecutor: megabytes * 2 ** 20 };
}

/** Number of tasks that a master runs at once. */
export function localThreads(master: string): number {
  const parsed = parseMaster(master);
  return parsed.kind === "local" ? parsed.threads : parsed.executors * parsed.coresPerExecutor;
}
