import type { BlockFile, RemoteBlock } from "../memory/index.js";

/**
 * Synchronised passes over data that stays where it is: the inner loop of every iterative trainer.
 *
 * The driver writes the input (coefficients, centres) into shared memory, rings the bell (`Atomics.notify`), the pass
 * threads take units of work from a shared counter, run the kernel in place on the unit's block and write the unit's
 * output; the driver wakes (`Atomics.waitAsync`) when the last unit is done. Nothing is posted, nothing is copied.
 *
 * A block that had no room in memory lies in a file: the image of its memory from `STATIC_BYTES` on. A thread reads it at
 * the same addresses of a memory of its own, so that kernels see no difference. The units of one such block follow each
 * other and are taken together: the file is read once a pass.
 *
 * What a kernel may rely on, so that a pass can run again after a thread or an executor died in the middle of it:
 * - a unit's result depends on its rows, `config`, `op` and `input` alone, never on which units ran before it, and a unit
 *   that ran half or wholly may run again with the same result;
 * - scratch of a resident block keeps what the unit left there in earlier passes, but may be zeroed at any time (the
 *   block was computed again); scratch of a file block holds anything: `keepsScratch` says which. State in it is only a
 *   cache: it carries the number of the pass it belongs to and is built afresh from `input` when it does not fit.
 */

/** A stretch of rows of one block: what one kernel call works on. Fixed when the passes are opened. */
export interface PassUnit {
  /** Index into the blocks given to `openPasses`. */
  readonly block: number;
  readonly start: number;
  readonly end: number;
}

/** A kernel's view of the world on one thread. */
export interface PassWorker<C> {
  readonly config: C;
  readonly units: readonly PassUnit[];
  /** The blocks as this thread's kernels see them; a file block's memory holds it while a unit of it runs. */
  readonly blocks: readonly MemoryPassBlock[];
  /** Shared input of the pass, `inputLength` doubles. */
  readonly input: Float64Array;
  /** Instance of the kernel module on the block's memory (created once a thread and block). */
  kernels(block: number): Record<string, (...args: number[]) => number>;
  /** Address of the unit's scratch area inside its block's memory: `scratchBytes` long, 64-byte aligned, of a resident block initially zero. */
  scratch(unit: number): number;
  /** Whether the block's units find in their scratch what they left there in the pass before. */
  keepsScratch(block: number): boolean;
  /** The unit's output, `outputLength` doubles. Not cleared between passes. */
  output(unit: number): Float64Array;
}
/** A block in this process's memory. */
export interface MemoryPassBlock {
  readonly memory: WebAssembly.Memory;
  /** Whatever the layout step reported about the block: addresses, counts (plain data). */
  readonly info: unknown;
}
/** A block whose image lies in a file (`BlockWriter.storeImage`). */
export interface FilePassBlock {
  readonly file: BlockFile;
  readonly info: unknown;
}
/** A block in the memory of an executor process: units on it run there. */
export interface RemotePassBlock {
  readonly remote: RemoteBlock["remote"];
  readonly info: unknown;
}
/** In one executor's part of a set: a block whose units another executor runs. */
export interface AbsentPassBlock {
  readonly absent: true;
  readonly info: unknown;
}
export type PassBlock = MemoryPassBlock | FilePassBlock | RemotePassBlock | AbsentPassBlock;

/** A trainer's kernel: `open` once a thread, the returned function once a unit and pass. `op` selects the operation. */
export interface PassKernel<C = unknown> {
  readonly name: string;
  open(worker: PassWorker<C>): (unit: number, op: number) => void;
}

export interface PassRequest<C> {
  readonly kernel: string;
  readonly config: C;
  readonly blocks: readonly PassBlock[];
  readonly units: readonly PassUnit[];
  readonly inputLength: number;
  readonly outputLength: number;
  readonly scratchBytes: number;
  /** Ends the running pass and all later ones: the fit was aborted, or its job cancelled. */
  readonly signal?: AbortSignal;
  /**
   * The blocks once more after some were lost (FETCH_FAILED), computed again where need be: as many as before, with the same
   * rows. The running pass then starts again.
   */
  readonly refresh?: () => Promise<readonly PassBlock[]>;
}

/** Driver side of an open set of passes. Passes of one set run one after the other; sets of several fits run side by side. */
export interface Passes {
  readonly input: Float64Array;
  readonly numUnits: number;
  output(unit: number): Float64Array;
  /** Runs one pass; rejects with the kernel's error, or the signal's reason when aborted. */
  run(op?: number, signal?: AbortSignal): Promise<void>;
  /** Element-wise sum of all units' outputs in unit order (so the result does not depend on the number of threads). */
  sum(): Float64Array;
  close(): void;
}

const kernels = new Map<string, PassKernel<never>>();

/** Registers a pass kernel under its name and returns it. */
export function definePassKernel<C>(kernel: PassKernel<C>): PassKernel<C> {
  kernels.set(kernel.name, kernel as unknown as PassKernel<never>);
  return kernel;
}
export function passKernel(name: string): PassKernel {
  const found = kernels.get(name);
  if (!found) throw new Error(`no pass kernel "${name}" is registered; is its module listed in the generated index?`);
  return found as PassKernel;
}
