import { setTimeout as sleep } from "node:timers/promises";
import { FetchFailedException } from "../common/index.js";
import type { Passes, PassBlock, PassRequest } from "./pass.js";
import { hasOwnScratch, inMemory, unitGroups } from "./pass-blocks.js";
import { allocateControl, controlViews, DONE, FAILED, NEXT, OP, REMAINING } from "./pass-control.js";
import type { ScratchAreas } from "./scratch-areas.js";
import { sumOutputs } from "./sum-outputs.js";

/** What pass threads are told when a set is opened: everything of the request that travels. */
export interface OpenMessage {
  readonly type: "open";
  readonly id: number;
  readonly kernel: string;
  readonly config: unknown;
  readonly blocks: readonly PassBlock[];
  readonly units: PassRequest<unknown>["units"];
  readonly inputLength: number;
  readonly outputLength: number;
  readonly scratchBytes: number;
  readonly control: SharedArrayBuffer;
  readonly scratch: readonly number[];
}

/** What an open set needs of the threads that run it. */
export interface PassThreads {
  readonly scratch: ScratchAreas;
  open(message: OpenMessage): void;
  close(id: number): void;
  ring(): void;
  /** Whether a thread is at work on a group of units of this set. */
  busyWith(id: number): boolean;
  /** A pass begins: the threads keep the process alive until it ends. */
  hold(): void;
  release(completed: boolean): void;
}

/** Times that lost blocks are fetched anew for one pass. */
const MAX_REFRESHES = 4;

/** Driver side of one open set of passes. */
export class PassSet<C> implements Passes {
  readonly input: Float64Array;
  readonly output: (unit: number) => Float64Array;
  readonly numUnits: number;
  private readonly control: SharedArrayBuffer;
  private readonly state: Int32Array;
  private numGroups = 0;
  private blocks: readonly PassBlock[] = [];
  private scratch: readonly number[] = [];
  /** An error that ends the set. */
  private ended: Error | undefined;
  private failures: Error[] = [];
  /** A thread died while it worked on this set: the pass starts again. */
  private lost = false;
  private wake: (() => void) | undefined;
  private closed = false;

  constructor(
    readonly id: number,
    private readonly request: PassRequest<C>,
    private readonly threads: PassThreads,
  ) {
    const { units, inputLength, outputLength } = request;
    this.numUnits = units.length;
    const shape = { numUnits: units.length, inputLength, outputLength };
    this.control = allocateControl(shape);
    const { state, input, output } = controlViews(this.control, shape);
    [this.state, this.input, this.output] = [state, input, output];
    this.openOn(request.blocks);
  }

  async run(op = 0, signal?: AbortSignal): Promise<void> {
    const signals = [signal, this.request.signal].filter((s) => s !== undefined);
    if (this.ended) throw this.ended;
    const onAbort = (): void => this.wake?.();
    for (const s of signals) {
      s.throwIfAborted();
      s.addEventListener("abort", onAbort);
    }
    this.threads.hold();
    let completed = false;
    try {
      for (let refreshes = 0; !completed;) {
        completed = this.numGroups === 0 || (await this.attempt(op, () => signals.some((s) => s.aborted)));
        for (const s of signals) s.throwIfAborted();
        const [failure] = this.failures;
        if (this.ended ?? failure) {
          completed = false;
          if (this.ended || !(await this.recovered(failure, refreshes++))) throw this.ended ?? failure;
        }
      }
    } finally {
      for (const s of signals) s.removeEventListener("abort", onAbort);
      this.threads.release(completed);
    }
  }

  sum(): Float64Array {
    return sumOutputs(this.numUnits, this.request.outputLength, this.output);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.closeThreads();
  }

  /** One unit's kernel failed. */
  failed(error: Error): void {
    this.failures.push(error);
    this.wake?.();
  }
  /** A thread that worked on this set is gone; another one has taken its place. */
  threadLost(): void {
    this.lost = true;
    this.wake?.();
  }
  /** The threads are gone for good. */
  end(error: Error): void {
    this.ended ??= error;
    this.wake?.();
  }
  get message(): OpenMessage {
    const { kernel, config, units, inputLength, outputLength, scratchBytes } = this.request;
    const { id, control, blocks, scratch } = this;
    const shape = { units, inputLength, outputLength, scratchBytes };
    return { type: "open", id, kernel, config, blocks, ...shape, control, scratch };
  }

  private openOn(blocks: readonly PassBlock[]): void {
    const { units, scratchBytes } = this.request;
    this.blocks = blocks;
    this.numGroups = unitGroups(blocks, units).length;
    this.scratch = units.map(({ block }) => {
      const source = blocks[block];
      return hasOwnScratch(source) ? this.threads.scratch.take(inMemory(source), scratchBytes) : 0;
    });
    Atomics.store(this.state, NEXT, this.numGroups);
    this.threads.open(this.message);
  }

  private closeThreads(): void {
    this.threads.close(this.id);
    this.request.units.forEach(({ block }, unit) => {
      const source = this.blocks[block];
      if (hasOwnScratch(source))
        this.threads.scratch.give(inMemory(source), this.scratch[unit], this.request.scratchBytes);
    });
  }

  /** Lets the threads run all units; false when that was cut short by a lost thread or an abort, once all are at rest. */
  private async attempt(op: number, aborted: () => boolean): Promise<boolean> {
    const { state } = this;
    [this.lost, this.failures] = [false, []];
    const before = Atomics.load(state, DONE);
    Atomics.store(state, FAILED, 0);
    Atomics.store(state, OP, op);
    Atomics.store(state, REMAINING, this.numGroups);
    Atomics.store(state, NEXT, 0);
    this.threads.ring();
    // A notify may come late, when the driver has seen `done` change and waits for the next pass: only the count tells.
    const done = (): boolean => Atomics.load(state, DONE) !== before;
    while (!done() && !this.lost && !this.ended && !aborted()) {
      const wait = Atomics.waitAsync(state, DONE, before);
      if (wait.async) await Promise.race([wait.value, new Promise<void>((resolve) => (this.wake = resolve))]);
    }
    if (!done() && !this.ended) {
      // No group is handed out any more; those that threads have taken finish, so that nobody writes when the pass starts again.
      Atomics.store(state, NEXT, this.numGroups);
      while (this.threads.busyWith(this.id) && !this.ended) await sleep(1);
    }
    // After a kernel's error the other units still finish: their scratch areas go to the next fit. Its message comes apart.
    while (this.failures.length < Atomics.load(state, FAILED) && !this.ended) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    this.wake = undefined;
    return done();
  }

  /** Whether the failure was lost blocks that are there again, so that the pass can start anew. */
  private async recovered(failure: Error, refreshes: number): Promise<boolean> {
    const { refresh } = this.request;
    if (!refresh || !(failure instanceof FetchFailedException) || refreshes >= MAX_REFRESHES) return false;
    const blocks = await refresh();
    if (this.closed) return false;
    this.closeThreads();
    this.openOn(blocks);
    return true;
  }
}
