import type { SerializedError } from "../common/index.js";
import type { Block, StoredBlock } from "../memory/index.js";
import type { StorageFlags, TaskContext } from "./partition-function.js";

/** Work that a worker does for one partition; `payload` and the result travel by structured clone. */
export interface Task<P = unknown, R = unknown> {
  readonly name: string;
  run(payload: P, context: TaskContext): Promise<R>;
}

const tasks = new Map<string, Task<never>>();

/** Registers a task under its name and returns it. */
export function defineTask<P, R>(task: Task<P, R>): Task<P, R> {
  tasks.set(task.name, task as unknown as Task<never>);
  return task;
}
export function taskOf(name: string): Task {
  const found = tasks.get(name);
  if (!found) throw new Error(`no task "${name}" is registered in this worker`);
  return found as Task;
}

/** What the driver posts to a worker. */
export interface TaskMessage {
  readonly task: string;
  readonly payload: unknown;
  readonly stageId: number;
  readonly partitionId: number;
  readonly numPartitions: number;
  readonly attempt: number;
  readonly taskAttemptId: number;
  /** One Int32, non-zero once the task is cancelled. */
  readonly cancelled: SharedArrayBuffer;
}

/** What a task added to one accumulator; its shape is the accumulator's own. */
export interface AccumulatorUpdate {
  readonly id: number;
  readonly update: unknown;
}

/** A partition that a task computed on its way and that is to be cached. */
export interface CachedPartition {
  /** Such as `rdd_3_0`. */
  readonly id: string;
  readonly blocks: readonly StoredBlock[];
  readonly level: StorageFlags;
}

export interface TaskMetrics {
  readonly runMs: number;
  readonly spilledBytes: number;
  readonly peakMemory: number;
}

/** What a task stored beyond its end: the process's block store takes it over with the reply. */
export interface StoredReceipt {
  /** Slot that the task ran in. */
  readonly slot: number;
  readonly stageId: number;
  /** The blocks themselves, the same objects that the result names. */
  readonly blocks: readonly Block[];
  /** Pages of the memory budget that each of them takes. */
  readonly pages: readonly number[];
  /** Those of cached partitions: an executor process may move them out by itself. */
  readonly movable?: readonly MovableBlock[];
}
export interface MovableBlock {
  readonly block: Block;
  /** Such as `rdd_3`. */
  readonly group: string;
  readonly level: StorageFlags;
}

/** What a worker answers. */
export type TaskReply = ({ readonly result: unknown } | { readonly error: SerializedError }) & {
  readonly updates?: readonly AccumulatorUpdate[];
  readonly cached?: readonly CachedPartition[];
  readonly metrics?: TaskMetrics;
  readonly stored?: StoredReceipt;
};
