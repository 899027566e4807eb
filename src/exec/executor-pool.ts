import type { Piscina } from "piscina";
import { distUrl } from "../common/index.js";
import { allocateHeap } from "../memory/index.js";
import type { TaskMessage, TaskReply } from "./task.js";

const HEAP_BYTES = 4 * 2 ** 30;

/** The worker threads of one session, started when the first task arrives. */
export class ExecutorPool {
  private pool: Promise<Piscina> | undefined;

  constructor(readonly threads: number) {}

  /** Runs one task on any idle worker; rejects when the worker died. */
  async run(message: TaskMessage): Promise<TaskReply> {
    this.pool ??= this.start();
    const pool = await this.pool;
    // Piscina would terminate the worker of a running task on a signal; the task's cancel flag, which it reads at every
    // batch, ends it without losing the worker.
    return (await pool.run(message)) as TaskReply;
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
