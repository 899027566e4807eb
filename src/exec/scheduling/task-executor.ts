import type { TaskMessage, TaskReply } from "../task.js";

/** What the scheduler needs of an executor. */
export interface TaskExecutor {
  readonly id: string;
  readonly cores: number;
  /**
   * Rejects when something died under the task: condition WORKER_LOST or OUT_OF_MEMORY for its thread, EXECUTOR_LOST for its
   * process. Must settle some time after `cancel`.
   */
  run(message: TaskMessage): Promise<TaskReply>;
  cancel(taskAttemptId: number): void;
}

/** Starts and stops executors when the scheduler says so; there is none where the only executor is this process. */
export interface ExecutorControl {
  /** There should be that many executors: start what is missing and report each with `executorAdded` or `executorFailed`. */
  setTarget(count: number): void;
  /** Stop this executor; its loss is not reported back. */
  remove(id: string, reason: string): void;
}
