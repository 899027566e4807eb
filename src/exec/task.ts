import type { TaskContext } from "./partition-function.js";

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
  readonly partitionId: number;
  readonly numPartitions: number;
  readonly attempt: number;
  /** One Int32, non-zero once the job is cancelled. */
  readonly cancelled: SharedArrayBuffer;
}
