import { Worker } from "node:worker_threads";
import {
  deserializeError,
  distUrl,
  ExecutorLostException,
  SparkException,
  type SerializedError,
} from "../common/index.js";
import type { Passes, PassRequest } from "./pass.js";
import { type OpenMessage, PassSet, type PassThreads } from "./pass-set.js";
import { ScratchAreas } from "./scratch-areas.js";

/** What a pass thread is told; it reads these synchronously whenever the bell rings. */
export type PassMessage = OpenMessage | { readonly type: "close"; readonly id: number } | { readonly type: "stop" };

/** A kernel's error on its way to the driver. */
export interface PassFailure {
  readonly id: number;
  readonly error: SerializedError;
}

/** What a pass thread finds in its `workerData`. */
export interface PassThreadData {
  /** Int32: 0 the bell; 1 + t the set (its id + 1) on which thread t is at work, or 0. */
  readonly bell: SharedArrayBuffer;
  readonly index: number;
}

/** Deaths in a row, without a pass completed, after which threads are not replaced any more. */
const MAX_DEATHS = 4;

/**
 * The threads that run trainers' passes: parked in `Atomics.wait` on a common bell, woken by it, never sent a message in the loop.
 * They are apart from the task workers, so that a sweep can score one setting while it trains the next.
 * A thread that dies is replaced, and the pass it was working on starts again.
 */
export class PassPool {
  private readonly bell: SharedArrayBuffer;
  private readonly state: Int32Array;
  private threads: (Worker | undefined)[] = [];
  private nextId = 0;
  private active = 0;
  private deaths = 0;
  private readonly sets = new Map<number, PassSet<never>>();
  private readonly scratch = new ScratchAreas();

  constructor(readonly size: number) {
    this.bell = new SharedArrayBuffer(4 * (1 + size));
    this.state = new Int32Array(this.bell);
  }

  openPasses<C>(request: PassRequest<C>): Passes {
    for (let t = 0; t < this.size; t++) this.threads[t] ??= this.startThread(t);
    const id = this.nextId++;
    const threads: PassThreads = {
      scratch: this.scratch,
      open: (message) => this.tell(message),
      close: (closed) => this.tell({ type: "close", id: closed }),
      ring: () => this.ring(),
      busyWith: (set) => this.threads.some((_, t) => Atomics.load(this.state, 1 + t) === set + 1),
      hold: () => {
        if (this.active++ === 0) for (const thread of this.threads) thread?.ref();
      },
      release: (completed) => {
        if (completed) this.deaths = 0;
        if (--this.active === 0) for (const thread of this.threads) thread?.unref();
      },
    };
    const set = new PassSet(id, request, threads);
    this.sets.set(id, set as unknown as PassSet<never>);
    const close = (): void => {
      this.sets.delete(id);
      set.close();
    };
    const { input, numUnits, output } = set;
    return { input, numUnits, output, run: (op, signal) => set.run(op, signal), sum: () => set.sum(), close };
  }

  /** Ends one thread as a fault would: fault tests call it in the middle of passes. */
  async killThread(index: number): Promise<void> {
    await this.threads[index]?.terminate();
  }

  async stop(): Promise<void> {
    const { threads } = this;
    this.threads = [];
    this.endSets(new SparkException("The session was stopped."));
    await Promise.all(threads.map((thread) => thread?.terminate()));
  }

  private startThread(index: number): Worker {
    const data: PassThreadData = { bell: this.bell, index };
    const thread = new Worker(distUrl("worker.js"), { workerData: { kindlingPassThread: data } });
    let cause: Error | undefined;
    thread.on("message", ({ id, error }: PassFailure) => this.sets.get(id)?.failed(deserializeError(error)));
    thread.on("error", (error: Error) => (cause = error));
    thread.on("exit", (code) => this.replace(thread, index, cause ?? new Error(`it exited with code ${code}`)));
    if (this.active === 0) thread.unref();
    for (const set of this.sets.values()) thread.postMessage(set.message);
    return thread;
  }

  private replace(thread: Worker, index: number, cause: Error): void {
    if (this.threads[index] !== thread) return;
    const workedOn = Atomics.exchange(this.state, 1 + index, 0) - 1;
    if (++this.deaths > MAX_DEATHS) {
      this.threads[index] = undefined;
      const message = `Pass threads died ${this.deaths} times in a row, the last because of: ${cause.message}`;
      this.endSets(new ExecutorLostException(message, { condition: "WORKER_LOST", cause }));
      return;
    }
    this.threads[index] = this.startThread(index);
    this.sets.get(workedOn)?.threadLost();
  }

  private endSets(error: Error): void {
    for (const set of this.sets.values()) set.end(error);
    this.sets.clear();
  }

  private tell(message: PassMessage): void {
    for (const thread of this.threads) thread?.postMessage(message);
    this.ring();
  }

  private ring(): void {
    Atomics.add(this.state, 0, 1);
    Atomics.notify(this.state, 0);
  }
}
