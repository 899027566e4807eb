import type { ExclusionOptions } from "./scheduler-types.js";
import type { StageRun } from "./stage-run.js";

/** Which executors get no tasks because tasks failed on them: Spark's HealthTracker and TaskSetExcludelist. */
export class HealthTracker {
  /** By executor: when each failure in a stage that succeeded elsewhere is forgotten. */
  private readonly failures = new Map<string, number[]>();
  /** By executor: until when it is excluded. */
  private readonly excluded = new Map<string, number>();

  constructor(private readonly options: ExclusionOptions) {}

  /** Notes a failed task; true when the stage now avoids the executor. */
  taskFailed(stage: StageRun, partition: number, executor: string): boolean {
    let failed = stage.failedOn.get(executor);
    if (!failed) stage.failedOn.set(executor, (failed = new Map()));
    const avoided = this.avoidedBy(stage, executor);
    failed.set(partition, (failed.get(partition) ?? 0) + 1);
    return !avoided && this.avoidedBy(stage, executor);
  }

  avoidedBy(stage: StageRun, executor: string): boolean {
    return (stage.failedOn.get(executor)?.size ?? 0) >= this.options.maxFailedTasksPerExecutorInStage;
  }
  isExcluded(executor: string): boolean {
    return this.excluded.has(executor);
  }

  /** The stage came to an end, so its failures were the executors': returns those that are excluded now. */
  stageSucceeded(stage: StageRun, now: number): string[] {
    const found: string[] = [];
    for (const [executor, failed] of stage.failedOn) {
      const recent = (this.failures.get(executor) ?? []).filter((until) => until > now);
      for (let i = 0; i < failed.size; i++) recent.push(now + this.options.timeout);
      this.failures.set(executor, recent);
      if (recent.length >= this.options.maxFailedTasksPerExecutor && !this.excluded.has(executor)) {
        this.exclude(executor, now);
        found.push(executor);
      }
    }
    return found;
  }
  exclude(executor: string, now: number): void {
    this.excluded.set(executor, now + this.options.timeout);
    this.failures.delete(executor);
  }

  executorRemoved(executor: string): void {
    this.excluded.delete(executor);
    this.failures.delete(executor);
  }
  /** Executors whose exclusion is over. */
  expire(now: number): string[] {
    const over = [...this.excluded].filter(([, until]) => until <= now).map(([executor]) => executor);
    for (const executor of over) this.excluded.delete(executor);
    return over;
  }
  nextExpiry(): number {
    return Math.min(Infinity, ...this.excluded.values());
  }
}
