import type { Batch, Column } from "../columnar/index.js";
import type { Block, FileBlock, ResidentBlock } from "../memory/index.js";

/** What a task knows about itself, and what it may use. */
export interface TaskContext {
  readonly stageId: number;
  readonly partitionId: number;
  readonly numPartitions: number;
  /** 0 for the first attempt at this partition in this stage. */
  readonly attempt: number;
  /** Unique in the session. */
  readonly taskAttemptId: number;
  /** Throws when the job was cancelled; call it once a batch. */
  checkCancelled(): void;
  readonly memory: TaskMemory;
  readonly blocks: BlockWriter;
}

/** A task's share of execution memory; all of it is given back when the task ends. */
export interface TaskMemory {
  /**
   * Takes memory before it is used; false when there is no room even after cached blocks were moved out: spill now.
   * With `onlyFree` cached blocks stay where they are.
   */
  acquire(bytes: number, onlyFree?: boolean): boolean;
  release(bytes: number): void;
  readonly held: number;
}

/** Where stored rows may lie; Spark's StorageLevel has these flags. */
export interface StorageFlags {
  readonly useDisk: boolean;
  readonly useMemory: boolean;
  readonly useOffHeap: boolean;
  readonly deserialized: boolean;
  readonly replication: number;
}
export interface StoreOptions {
  /** Kernels will run on the block in place. */
  readonly kernels?: boolean;
  /** Default: memory, and disk where memory has no room. */
  readonly level?: StorageFlags;
  /** Set for blocks of a cached partition, e.g. `rdd_3`: blocks of the same group do not make room for each other. */
  readonly group?: string;
  /** Level of that group, where `level` allows less at the moment: what has to make room goes where this one says. */
  readonly groupLevel?: StorageFlags;
}

/** How a task keeps rows. */
export interface BlockWriter {
  /** Rows for later stages leave this process, which only files do: `keep` is for kernel blocks then. */
  readonly sharesFiles?: boolean;
  /** A block that outlives the task: resident while the budget has room, else in a file. */
  store(batch: Batch, options?: StoreOptions): Block;
  /** A file of this attempt only: sorted runs, overflow of hash tables. */
  spill(batch: Batch): FileBlock;
  /** Deletes a spilled block, or gives back a stored one, before the task ends. */
  discard(block: Block): void;
  /**
   * The kernel block of `bytes` that `make` allocates for a trainer's layout: resident, accounted, outliving the task.
   * Undefined, and nothing made, when the budget has no room: then the caller lays it out aside and calls `storeImage`.
   */
  keep(bytes: number, make: () => ResidentBlock): ResidentBlock | undefined;
  /**
   * Writes a kernel block's bytes, those from `STATIC_BYTES` on, as they are into a file that outlives the task (origin and
   * CRC-32 are set): pass threads read it at the same addresses of a memory of their own.
   */
  storeImage(image: Uint8Array): FileBlock;
}

/**
 * A function that consumes one partition's batches on a worker and returns a small (or shared-memory) result.
 * Registered by name at module load in the worker, so that the driver ships only `name` and `payload`.
 * `payload` and the result must survive structured clone; SharedArrayBuffer and shared WebAssembly.Memory are not copied.
 */
export interface PartitionFunction<P = unknown, R = unknown> {
  readonly name: string;
  run(payload: P, batches: AsyncIterable<Batch>, context: TaskContext): Promise<R>;
}

/**
 * A function from some columns of a batch to new columns, in JavaScript over typed arrays: how ML transformers run.
 * `open` is called once a task (precompute there), the returned function once a batch.
 * With `selection` (ascending row numbers) the operator keeps only those rows of all other columns,
 * and the returned columns have `selection.length` rows.
 */
export interface BatchFunction<P = unknown> {
  readonly name: string;
  open(payload: P): (columns: readonly Column[], numRows: number) => BatchResult;
}
export interface BatchResult {
  readonly columns: readonly Column[];
  readonly selection?: Int32Array;
}

const partitionFunctions = new Map<string, PartitionFunction<never>>();
const batchFunctions = new Map<string, BatchFunction<never>>();

/** Registers a partition function under its name and returns it. */
export function definePartitionFunction<P, R>(fn: PartitionFunction<P, R>): PartitionFunction<P, R> {
  partitionFunctions.set(fn.name, fn as unknown as PartitionFunction<never>);
  return fn;
}
/** Registers a batch function under its name and returns it. */
export function defineBatchFunction<P>(fn: BatchFunction<P>): BatchFunction<P> {
  batchFunctions.set(fn.name, fn as unknown as BatchFunction<never>);
  return fn;
}
const find = <T>(map: ReadonlyMap<string, T>, name: string): T => {
  const found = map.get(name);
  if (!found) throw new Error(`no function "${name}" is registered; is its module listed in the generated index?`);
  return found;
};
export const partitionFunction = (name: string): PartitionFunction =>
  find(partitionFunctions, name) as PartitionFunction;
export const batchFunction = (name: string): BatchFunction => find(batchFunctions, name) as BatchFunction;
