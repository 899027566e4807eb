import type { TaskContext } from "../partition-function.js";
import type { AccumulatorUpdate, CachedPartition } from "../task.js";

/** What a task tells the driver beside its result. */
export interface TaskReport {
  readonly updates?: readonly AccumulatorUpdate[];
  readonly cached?: readonly CachedPartition[];
}

/** Something that gathers values while a task runs. */
export interface TaskAccumulator {
  readonly id: number;
  /** What was gathered, as it travels; undefined when that is nothing. */
  take(): unknown;
}

let running: TaskContext | undefined;
let serial = 0;
const accumulators = new Set<TaskAccumulator>();
const cached: CachedPartition[] = [];

/** Called before a task runs on this worker, which runs one at a time. */
export function beginTask(task: TaskContext): void {
  running = task;
  serial++;
  accumulators.clear();
  cached.length = 0;
}

/** Called when the task is over: what it has to report. */
export function endTask(): TaskReport {
  const updates: AccumulatorUpdate[] = [];
  for (const accumulator of accumulators) {
    const update = accumulator.take();
    if (update !== undefined) updates.push({ id: accumulator.id, update });
  }
  const report: TaskReport = {
    ...(updates.length > 0 ? { updates } : {}),
    ...(cached.length > 0 ? { cached: [...cached] } : {}),
  };
  running = undefined;
  serial++;
  accumulators.clear();
  cached.length = 0;
  return report;
}

/** The task that runs on this worker; undefined on the driver. */
export const runningTask = (): TaskContext | undefined => running;
/** Changes with every task: what belongs to an earlier one is stale. */
export const taskSerial = (): number => serial;

/** Has the accumulator asked for what it gathered when the task ends. */
export function gatherFrom(accumulator: TaskAccumulator): void {
  accumulators.add(accumulator);
}
/** Has the driver register partitions that were stored on the way, when the task succeeds. */
export function reportCached(partitions: readonly CachedPartition[]): void {
  cached.push(...partitions);
}
