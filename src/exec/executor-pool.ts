import type { Piscina } from "piscina";
import { deserializeError, distUrl, type SerializedError } from "../common/index.js";
import { allocateHeap } from "../memory/index.js";
import type { TaskMessage } from "./task.js";

const HEAP_BYTES = 4 * 2 ** 30;

/** The worker threads of one session, started when the first task arrives. */
export class ExecutorPool {
  private pool: Promise<Piscina> | undefined;

  constructor(readonly threads: number) {}

  /** Runs one task on any idle worker; rejects with the task's own error. */
  async run(message: TaskMessage, signal: AbortSignal): Promise<unknown> {
    this.pool ??= this.start();
    const pool = await this.pool;
    signal.throwIfAborted();
    // Piscina would terminate the worker of a running task; the job's cancel flag, which the task reads at every batch,
    // ends it without losing the worker.
    const answer = (await pool.run(message)) as { result: unknown } | { error: SerializedError };
    if ("error" in answer) throw deserializeError(answer.error);
    return answer.result;
  }

  async stop(): Promise<void> {
    const { pool } = this;
    this.pool = undefined;
    await (await pool)?.destroy();
  }

  /** Loaded when the first task comes: a program that only builds plans starts without it. */
  private async start(): Promise<Piscina> {
    const { Piscina: Pool } = await import("piscina");
    return new Pool({
      filename: distUrl("worker.js").href,
      workerData: { heap: allocateHeap(HEAP_BYTES) },
      minThreads: this.threads,
      maxThreads: this.threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      // A worker that blocks in Atomics.wait between tasks could not run timers of streams it has open.
      atomics: "async",
    });
  }
}
