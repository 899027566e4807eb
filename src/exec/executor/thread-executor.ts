import type { Piscina } from "piscina";
import type { EventLoopUtilization } from "node:perf_hooks";
import type { Worker } from "node:worker_threads";
import { distUrl, serializeError, SparkException } from "../../common/index.js";
import { allocateHeap, type Block, ExecutionHeap } from "../../memory/index.js";
import { PassPool } from "../pass-pool.js";
import type { Passes, PassRequest } from "../pass.js";
import type { StoredReceipt, TaskMessage, TaskReply } from "../task.js";
import type { TaskExecutor } from "../scheduling/task-executor.js";
import { MemoryWatchdog } from "./memory-watchdog.js";
import { outOfMemory, unserializable, workerDeath } from "./worker-death.js";
import type { WorkerStart, WorkerTask } from "./worker-task.js";

const HEAP_BYTES = 4 * 2 ** 30;
/** Owner of heap chunks on the main thread, which no slot has. */
const MAIN_OWNER = 65_535;

/** What the process's block store does for its worker threads. */
export interface ExecutorHooks {
  /** What worker threads are started with besides the execution heap. */
  readonly workerData?: Pick<WorkerStart, "storage">;
  /** What a task stored, before its reply is given to anybody. */
  readonly onStored?: (receipt: StoredReceipt) => void;
  /** A thread died under a task of this slot and has ended: gives back what the slot held. */
  readonly onSlotLost?: (slot: number) => void;
  readonly release?: (blocks: readonly Block[]) => void;
}

export interface ThreadExecutorOptions {
  readonly id: string;
  readonly cores: number;
  /** Resident bytes of the process beyond which tasks are stopped. */
  readonly memoryLimit: number;
  /** JavaScript heap of one worker, in MiB. */
  readonly workerHeapMb: number;
  /** Time that a cancelled task has to end by itself; infinite: all of it. */
  readonly cancelGraceMs: number;
  readonly hooks: ExecutorHooks;
}

interface Running {
  readonly task: WorkerTask;
  stopped?: { readonly reason: string; readonly memory: boolean };
  grace?: NodeJS.Timeout;
  stop(reason: string, memory?: boolean): void;
}
interface Waiting {
  readonly task: Omit<WorkerTask, "slot">;
  readonly resolve: (answer: unknown) => void;
}

/** The worker threads of this process: started with the first task, replaced when they die. */
export class ThreadExecutor implements TaskExecutor {
  readonly id: string;
  readonly cores: number;
  readonly passes: PassPool;
  private pool: Promise<Piscina> | undefined;
  private stopped = false;
  private readonly heap = new ExecutionHeap(allocateHeap(HEAP_BYTES));
  private readonly watchdog: MemoryWatchdog;
  /** By slot: what runs in it. */
  private readonly slots: (Running | undefined)[];
  private readonly waiting: Waiting[] = [];
  /** By slot: id of the thread that took the task; the thread writes it. */
  private readonly threadOfSlot: Int32Array;
  private readonly threads = new Map<number, { readonly worker: Worker; readonly ended: Promise<void> }>();

  constructor(private readonly options: ThreadExecutorOptions) {
    this.id = options.id;
    this.cores = options.cores;
    this.passes = new PassPool(options.cores);
    this.watchdog = new MemoryWatchdog(options.memoryLimit);
    this.slots = new Array<Running | undefined>(options.cores).fill(undefined);
    this.threadOfSlot = new Int32Array(new SharedArrayBuffer(4 * options.cores));
    this.heap.owner = MAIN_OWNER;
  }

  /** Starts the threads before the first task comes. */
  warm(): void {
    this.pool ??= this.start();
  }

  run(message: TaskMessage): Promise<TaskReply> {
    return this.submit({ message }).then((answer) => {
      const reply = answer as TaskReply;
      if (reply.stored) this.options.hooks.onStored?.(reply.stored);
      return reply;
    });
  }

  /** The same, where the payload may have come from another process: then the answer is an encoded reply. */
  submit(task: Omit<WorkerTask, "slot">): Promise<unknown> {
    if (this.stopped) return Promise.reject(stoppedError());
    const slot = this.slots.indexOf(undefined);
    if (slot >= 0) return this.launch({ ...task, slot });
    return new Promise((resolve) => this.waiting.push({ task, resolve }));
  }

  /** Attempts that are here now. */
  get running(): number[] {
    const started = this.slots.flatMap((running) => (running ? [running.task.message.taskAttemptId] : []));
    return [...started, ...this.waiting.map(({ task }) => task.message.taskAttemptId)];
  }

  cancel(taskAttemptId: number): void {
    const queued = this.waiting.findIndex(({ task }) => task.message.taskAttemptId === taskAttemptId);
    if (queued >= 0) {
      const [{ resolve }] = this.waiting.splice(queued, 1);
      const error = new SparkException("The task was cancelled.", { condition: "SPARK_JOB_CANCELLED" });
      return resolve({ error: serializeError(error) });
    }
    const running = this.slots.find((task) => task?.task.message.taskAttemptId === taskAttemptId);
    if (!running) return;
    Atomics.store(new Int32Array(running.task.message.cancelled), 0, 1);
    const { cancelGraceMs } = this.options;
    if (running.grace || cancelGraceMs === Number.POSITIVE_INFINITY) return;
    running.grace = setTimeout(
      () => running.stop(`it was cancelled and did not end within ${cancelGraceMs} ms`),
      cancelGraceMs,
    );
  }

  release(blocks: readonly Block[]): void {
    this.options.hooks.release?.(blocks);
  }

  openPasses<C>(request: PassRequest<C>): Passes {
    return this.passes.openPasses(request);
  }

  async stop(): Promise<void> {
    const { pool } = this;
    this.stopped = true;
    this.pool = undefined;
    for (const { resolve } of this.waiting.splice(0)) resolve(Promise.reject(stoppedError()));
    await this.passes.stop();
    await (await pool)?.destroy();
    await Promise.all([...this.threads.values()].map(({ ended }) => ended));
  }

  /** Bytes of the execution heap that tasks hold. */
  get heapUsed(): number {
    return this.heap.used;
  }

  private async launch(task: WorkerTask): Promise<unknown> {
    const { slot, message } = task;
    const running: Running = { task, stop: (reason, memory = false) => this.stopThread(running, reason, memory) };
    const suspect = { stop: (reason: string) => running.stop(reason, true), busy: this.utilizationOf(slot) };
    this.slots[slot] = running;
    this.threadOfSlot[slot] = 0;
    try {
      const pool = await (this.pool ??= this.start());
      this.watchdog.watch(suspect);
      return await pool.run(task);
    } catch (cause) {
      if (cause instanceof Error && cause.name === "DataCloneError") {
        // Thrown on this thread for a payload; on the worker, which it ends, for a result.
        const what = this.threadOfSlot[slot] === 0 ? "payload" : "result";
        if (what === "result") await this.giveBack(slot);
        return { error: serializeError(unserializable(what, message, cause)) };
      }
      await this.giveBack(slot);
      await this.renewFailedPool();
      const { stopped } = running;
      throw stopped?.memory
        ? outOfMemory(message, stopped.reason, cause)
        : workerDeath(cause, message, stopped?.reason);
    } finally {
      clearTimeout(running.grace);
      this.watchdog.unwatch(suspect);
      this.slots[slot] = undefined;
      const next = this.waiting.shift();
      if (next) next.resolve(this.launch({ ...next.task, slot }));
    }
  }

  /** How busy the thread of a slot was since the last call. */
  private utilizationOf(slot: number): () => number {
    let before: EventLoopUtilization | undefined;
    return () => {
      const performance = this.threads.get(this.threadOfSlot[slot])?.worker.performance;
      if (!performance) return 0;
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    };
  }

  /** A thread that has not taken its task yet finds the cancel flag when it does. */
  private stopThread(running: Running, reason: string, memory: boolean): void {
    if (this.slots[running.task.slot] !== running) return;
    running.stopped ??= { reason, memory };
    Atomics.store(new Int32Array(running.task.message.cancelled), 0, 1);
    void this.threads.get(this.threadOfSlot[running.task.slot])?.worker.terminate();
  }

  /** Waits until the slot's dead thread has really ended, then frees what it held. */
  private async giveBack(slot: number): Promise<void> {
    await this.threads.get(this.threadOfSlot[slot])?.ended;
    this.heap.reclaim(slot + 1);
    this.options.hooks.onSlotLost?.(slot);
  }

  /** Piscina starts no more threads once one has failed while it was loading. */
  private async renewFailedPool(): Promise<void> {
    const pool = await this.pool;
    if (!pool || pool.threads.length > 0) return;
    this.pool = undefined;
    await pool.destroy();
  }

  /** Loaded when the first task comes: a program that only builds plans starts without it. */
  private async start(): Promise<Piscina> {
    const { Piscina: Pool } = await import("piscina");
    const start: WorkerStart = {
      heap: this.heap.memory,
      threadOfSlot: this.threadOfSlot,
      ...this.options.hooks.workerData,
    };
    const pool = new Pool({
      filename: distUrl("worker.js").href,
      workerData: start,
      minThreads: this.cores,
      maxThreads: this.cores,
      idleTimeout: Number.POSITIVE_INFINITY,
      resourceLimits: { maxOldGenerationSizeMb: this.options.workerHeapMb },
      // A worker that blocks in Atomics.wait between tasks could not run timers of streams it has open.
      atomics: "async",
    });
    const track = (): void => {
      for (const worker of pool.threads) {
        const { threadId } = worker;
        if (threadId < 0 || this.threads.has(threadId)) continue;
        const ended = new Promise<void>((resolve) =>
          worker.once("exit", () => {
            this.threads.delete(threadId);
            resolve();
          }),
        );
        this.threads.set(threadId, { worker, ended });
      }
    };
    track();
    pool.on("workerCreate", track);
    // Between tasks: what a task left behind (a stray promise, a timer) failed after its result was sent.
    pool.on("error", (error: Error) =>
      process.emitWarning(`a worker failed between tasks: ${error.stack ?? error.message}`),
    );
    return pool;
  }
}

const stoppedError = (): SparkException => new SparkException("The session was stopped.");
