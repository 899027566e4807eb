import type { AccumulatorUpdate, CachedPartition, TaskReply } from "../task.js";
import type { JobOptions } from "./stage.js";

/** The partition of a stage that something belongs to. */
export interface TaskPlace {
  readonly stageId: number;
  readonly partition: number;
}

/** What other parts of the engine do when results arrive or executors go. */
export interface SchedulerHooks {
  /** Group, pool, tags and description that the context's local properties give to every job, DataFrame actions included. */
  jobDefaults?(description: string): JobOptions;
  /** What a successful task added to accumulators; once a partition of a stage, whatever runs again. */
  onUpdates?(updates: readonly AccumulatorUpdate[], place: TaskPlace): void;
  /** Partitions that a successful task computed on its way and that are to be cached. */
  onCached?(executor: string, cached: readonly CachedPartition[], place: TaskPlace): void;
  /** A successful task whose result does not count: its blocks belong to nobody. */
  onDiscarded?(executor: string, reply: TaskReply): void;
  /** The output of a kept stage was let go: nobody reads its blocks any more. */
  onReleased?(stageId: number): void;
  /** A task could not read a stored block; it runs again, with a payload made afterwards. */
  onFetchFailed?(failure: TaskPlace & { readonly path: string }): void;
  /** An executor died or was stopped. */
  onExecutorLost?(executor: string): void;
  /** Whether cached blocks lie on the executor: it may stay idle for longer. */
  cachedOn?(executor: string): boolean;
}
