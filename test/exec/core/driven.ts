import type { SchedulerCommand, SchedulerEvent, SchedulerOptions } from "../../../src/exec/core/scheduler-types.js";
import { TaskScheduler } from "../../../src/exec/core/task-scheduler.js";

type Command<T extends SchedulerCommand["type"]> = Extract<SchedulerCommand, { type: T }>;

const plain: SchedulerOptions = {
  mode: "FIFO",
  pools: [],
  maxFailures: 4,
  maxLosses: 4,
  maxStageAttempts: 4,
  localityWait: 3_000,
  taskCpus: 1,
};

/** A task scheduler under a test's thumb: time stands still until the test moves it. */
export class Driven {
  readonly core: TaskScheduler;
  readonly commands: SchedulerCommand[] = [];
  now = 0;

  constructor(options: Partial<SchedulerOptions> = {}, holdsCache?: (executor: string) => boolean) {
    this.core = new TaskScheduler({ ...plain, ...options }, holdsCache);
  }

  send(event: SchedulerEvent): SchedulerCommand[] {
    const commands = this.core.handle(event, this.now);
    this.commands.push(...commands);
    return commands;
  }
  executors(cores: number, ...ids: string[]): this {
    for (const executor of ids) this.send({ type: "executorAdded", executor, cores });
    return this;
  }
  job(job: number, rest: { pool?: string; group?: string; tags?: string[] } = {}): this {
    this.send({ type: "jobStarted", job, ...rest });
    return this;
  }
  stage(
    job: number,
    stage: number,
    numTasks: number,
    rest: Partial<Extract<SchedulerEvent, { type: "stageSubmitted" }>> = {},
  ): SchedulerCommand[] {
    return this.send({ type: "stageSubmitted", job, stage, numTasks, inputs: [], kept: false, ...rest });
  }
  succeed(attempt: number): SchedulerCommand[] {
    return this.send({ type: "attemptSucceeded", attempt });
  }
  fail(attempt: number): SchedulerCommand[] {
    return this.send({ type: "attemptFailed", attempt, failure: { kind: "error", cause: new Error("no") } });
  }
  fetchFail(attempt: number, stage: number, partition: number): SchedulerCommand[] {
    return this.send({ type: "attemptFailed", attempt, failure: { kind: "fetch", stage, partition, cause: "gone" } });
  }
  /** Lets time pass, with a tick whenever the scheduler asked for one. */
  pass(milliseconds: number): SchedulerCommand[] {
    const end = this.now + milliseconds;
    const commands: SchedulerCommand[] = [];
    while (this.core.wakeAt <= end) {
      this.now = Math.max(this.now, this.core.wakeAt);
      commands.push(...this.send({ type: "tick" }));
    }
    this.now = end;
    return commands;
  }
  /** Finishes whatever runs until nothing does. */
  finish(commands: readonly SchedulerCommand[]): void {
    const queue = launches(commands);
    for (let i = 0; i < queue.length; i++) queue.push(...launches(this.succeed(queue[i].attempt)));
  }
  all<T extends SchedulerCommand["type"]>(type: T): Command<T>[] {
    return only(this.commands, type);
  }
}

export const only = <T extends SchedulerCommand["type"]>(
  commands: readonly SchedulerCommand[],
  type: T,
): Command<T>[] => commands.filter((command): command is Command<T> => command.type === type);

export const launches = (commands: readonly SchedulerCommand[]): Command<"launch">[] => only(commands, "launch");
/** "stage:partition@executor" of every launch. */
export const placed = (commands: readonly SchedulerCommand[]): string[] =>
  launches(commands).map(({ stage, partition, executor }) => `${stage}:${partition}@${executor}`);
