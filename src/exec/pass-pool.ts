import { Worker } from "node:worker_threads";
import { deserializeError, distUrl, SparkException, type SerializedError } from "../common/index.js";
import { blockId, growScratch } from "../memory/index.js";
import type { Passes, PassRequest } from "./pass.js";
import { allocateControl, controlViews, DONE, FAILED, NEXT, OP, REMAINING } from "./pass-control.js";

/** What a pass thread is told; it reads these synchronously whenever the bell rings. */
export type PassMessage =
  | ({
      readonly type: "open";
      readonly id: number;
      readonly control: SharedArrayBuffer;
      readonly scratch: readonly number[];
    } & Omit<PassRequest<unknown>, never>)
  | { readonly type: "close"; readonly id: number }
  | { readonly type: "stop" };

interface PassFailure {
  readonly id: number;
  readonly error: SerializedError;
}

/**
 * The threads that run trainers' passes: parked in `Atomics.wait` on a common bell, woken by it, never sent a message in the loop.
 * They are apart from the task workers, so that a sweep can score one setting while it trains the next.
 */
export class PassPool {
  private readonly bell = new SharedArrayBuffer(4);
  private threads: Worker[] = [];
  private nextId = 0;
  private active = 0;
  private readonly open = new Map<number, { fail(error: Error, threadLost: boolean): void }>();
  /** By block: scratch areas that closed sets have left. Handles to one memory differ, so its id is the key. */
  private readonly freeScratch = new Map<bigint, { at: number; bytes: number }[]>();

  constructor(readonly size: number) {}

  openPasses<C>(request: PassRequest<C>): Passes {
    if (this.threads.length === 0) this.threads = Array.from({ length: this.size }, () => this.startThread());
    const id = this.nextId++;
    const shape = {
      numUnits: request.units.length,
      inputLength: request.inputLength,
      outputLength: request.outputLength,
    };
    const control = allocateControl(shape);
    const { state, input, output } = controlViews(control, shape);
    const scratch = request.units.map((unit) =>
      this.takeScratch(request.blocks[unit.block].memory, request.scratchBytes),
    );
    this.tell({ type: "open", id, control, scratch, ...request });

    let failure: Error | undefined;
    const threads = { lost: false };
    let wake: (() => void) | undefined;
    this.open.set(id, {
      fail: (error, threadLost) => {
        failure ??= error;
        threads.lost ||= threadLost;
        wake?.();
      },
    });

    const run = async (op = 0, signal?: AbortSignal): Promise<void> => {
      signal?.throwIfAborted();
      if (failure) throw failure;
      if (shape.numUnits === 0) return;
      const before = Atomics.load(state, DONE);
      Atomics.store(state, OP, op);
      Atomics.store(state, REMAINING, shape.numUnits);
      Atomics.store(state, NEXT, 0);
      this.hold();
      try {
        this.ring();
        // A notify may come late, when the driver has seen `done` change and waits for the next pass: only the count tells.
        // After a kernel's error the other units still finish: their scratch areas go to the next fit. A lost thread's never do.
        while (Atomics.load(state, DONE) === before && !threads.lost) {
          const done = Atomics.waitAsync(state, DONE, before);
          if (done.async) await Promise.race([done.value, new Promise<void>((resolve) => (wake = resolve))]);
        }
        if (Atomics.load(state, FAILED) && !failure) await new Promise<void>((resolve) => (wake = resolve));
        if (failure) throw failure;
      } finally {
        wake = undefined;
        this.release();
      }
    };

    return {
      input,
      numUnits: shape.numUnits,
      output,
      run,
      sum: () => {
        const total = new Float64Array(request.outputLength);
        for (let unit = 0; unit < shape.numUnits; unit++) {
          const part = output(unit);
          for (let i = 0; i < total.length; i++) total[i] += part[i];
        }
        return total;
      },
      close: () => {
        if (!this.open.delete(id)) return;
        this.tell({ type: "close", id });
        if (threads.lost) return;
        request.units.forEach((unit, i) => {
          this.giveScratch(request.blocks[unit.block].memory, scratch[i], request.scratchBytes);
        });
      },
    };
  }

  async stop(): Promise<void> {
    for (const set of this.open.values()) set.fail(new SparkException("The session was stopped."), true);
    this.open.clear();
    const { threads } = this;
    this.threads = [];
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  private startThread(): Worker {
    const thread = new Worker(distUrl("worker.js"), { workerData: { kindlingPassThread: { bell: this.bell } } });
    thread.unref();
    thread.on("message", ({ id, error }: PassFailure) => this.open.get(id)?.fail(deserializeError(error), false));
    thread.on("error", (cause) => {
      const error = new SparkException(`A pass thread died: ${cause.message}`, { condition: "WORKER_LOST", cause });
      for (const set of this.open.values()) set.fail(error, true);
      const at = this.threads.indexOf(thread);
      // Sets that were open on the lost thread have failed; later ones find a thread in its place.
      if (at >= 0) this.threads[at] = this.startThread();
    });
    return thread;
  }

  private tell(message: PassMessage): void {
    for (const thread of this.threads) thread.postMessage(message);
    this.ring();
  }

  private ring(): void {
    const bell = new Int32Array(this.bell);
    Atomics.add(bell, 0, 1);
    Atomics.notify(bell, 0);
  }

  /** While a pass runs the threads keep the process alive: a pending `waitAsync` alone does not. */
  private hold(): void {
    if (this.active++ === 0) for (const thread of this.threads) thread.ref();
  }
  private release(): void {
    if (--this.active === 0) for (const thread of this.threads) thread.unref();
  }

  private takeScratch(memory: WebAssembly.Memory, bytes: number): number {
    if (bytes === 0) return 0;
    const free = this.freeScratch.get(blockId(memory)) ?? [];
    const at = free.findIndex((area) => area.bytes >= bytes && area.bytes <= 2 * bytes + 65_536);
    if (at < 0) return growScratch(memory, bytes);
    const [area] = free.splice(at, 1);
    new Uint8Array(memory.buffer, area.at, area.bytes).fill(0);
    return area.at;
  }
  private giveScratch(memory: WebAssembly.Memory, at: number, bytes: number): void {
    if (bytes === 0) return;
    const id = blockId(memory);
    const free = this.freeScratch.get(id) ?? [];
    free.push({ at, bytes });
    this.freeScratch.set(id, free);
  }
}
