/**
 * Synchronised passes over data that stays where it is: the inner loop of every iterative trainer.
 *
 * The driver writes the input (coefficients, centres) into shared memory, rings the bell (`Atomics.notify`), the pass
 * threads take units of work from a shared counter, run the kernel in place on the unit's block and write the unit's
 * output; the driver wakes (`Atomics.waitAsync`) when the last unit is done. Nothing is posted, nothing is copied.
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
  readonly blocks: readonly PassBlock[];
  /** Shared input of the pass, `inputLength` doubles. */
  readonly input: Float64Array;
  /** Instance of the kernel module on the block's memory (created once a thread and block). */
  kernels(block: number): Record<string, (...args: number[]) => number>;
  /** Address of the unit's scratch area inside its block's memory (`scratchBytes` long, 64-byte aligned, initially zero). */
  scratch(unit: number): number;
  /** The unit's output, `outputLength` doubles. Not cleared between passes. */
  output(unit: number): Float64Array;
}
export interface PassBlock {
  readonly memory: WebAssembly.Memory;
  /** Whatever the layout step reported about the block: addresses, counts (plain data). */
  readonly info: unknown;
}

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
