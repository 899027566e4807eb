import { ExecutorAllocation } from "./executor-allocation.js";
import type { ExecutorSlots } from "./executor-slots.js";
import { HealthTracker } from "./health-tracker.js";
import { Pools } from "./pools.js";
import type { SchedulerCommand, SchedulerOptions } from "./scheduler-types.js";
import { StageOutputs } from "./stage-outputs.js";
import type { Attempt, JobRun, StageRun } from "./stage-run.js";

/** Everything the parts of the task scheduler share. */
export class SchedulerState {
  readonly executors = new Map<string, ExecutorSlots>();
  readonly jobs = new Map<number, JobRun>();
  /** Stages that are active or kept. */
  readonly stages = new Map<number, StageRun>();
  readonly active = new Set<StageRun>();
  readonly attempts = new Map<number, Attempt>();
  readonly outputs = new StageOutputs();
  readonly pools: Pools;
  readonly health: HealthTracker | undefined;
  readonly allocation: ExecutorAllocation | undefined;
  nextAttempt = 0;
  /** Time of the event that is handled. */
  now = 0;
  wakeAt = Infinity;
  private commands: SchedulerCommand[] = [];

  constructor(readonly options: SchedulerOptions) {
    this.pools = new Pools(options.mode, options.pools);
    this.health = options.exclusion && new HealthTracker(options.exclusion);
    this.allocation = options.allocation && new ExecutorAllocation(options.allocation);
  }

  readonly alive = (executor: string): boolean => this.executors.has(executor);

  emit(command: SchedulerCommand): void {
    this.commands.push(command);
  }
  drain(): SchedulerCommand[] {
    const { commands } = this;
    this.commands = [];
    return commands;
  }
  /** Asks for a `tick` at that time. */
  arm(time: number): void {
    if (time < this.wakeAt) this.wakeAt = time;
  }

  kill(attempt: Attempt, reason: string): void {
    if (attempt.killed) return;
    attempt.killed = true;
    this.emit({ type: "kill", attempt: attempt.id, executor: attempt.executor, reason });
  }
  /** The attempt runs no more, for whatever reason. */
  drop(attempt: Attempt): void {
    this.attempts.delete(attempt.id);
    attempt.stage.ended(attempt);
    attempt.pool.running--;
    this.executors.get(attempt.executor)?.give(attempt, this.now);
  }
}
