import type { SchedulerCommand, StageFailure } from "../../src/exec/core/scheduler-types.js";
import type { TaskScheduler } from "../../src/exec/core/task-scheduler.js";
import type { JobPlan, Scenario, StagePlan } from "./scenario.js";
import { check } from "./violation.js";

type Snapshot = ReturnType<TaskScheduler["snapshot"]>;
type Launched = Extract<SchedulerCommand, { type: "launch" }>;

interface Live {
  readonly stage: StagePlan;
  readonly partition: number;
  readonly executor: string;
  readonly pool: string;
  killed: boolean;
}

/** Watches events and commands from the outside and keeps its own books. */
export class Invariants {
  /** Attempts that were launched and have not come to an end as far as the driver can know. */
  readonly live = new Map<number, Live>();
  private readonly cores = new Map<string, number>();
  private readonly used = new Map<string, number>();
  private readonly excluded = new Set<string>();
  private readonly avoided = new Set<string>();
  private readonly done = new Map<string, string>();
  private readonly ever = new Set<string>();
  private readonly failures = new Map<string, number>();
  private readonly allFailures = new Map<string, number>();
  private readonly fetchFailures = new Map<number, number>();
  private readonly poolRunning = new Map<string, number>();
  private readonly settled = new Set<number>();
  private losses = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly stages: readonly StagePlan[],
    private readonly poolOf: (stage: number) => string,
  ) {}

  executorAdded(id: string, cores: number): void {
    this.cores.set(id, cores);
    this.used.set(id, 0);
  }
  /** The driver learns that an executor is gone. */
  executorGone(id: string, counts: boolean): void {
    if (!this.cores.delete(id)) return;
    if (counts) this.losses++;
    this.used.delete(id);
    this.excluded.delete(id);
    for (const [attempt, live] of [...this.live]) {
      if (live.executor !== id) continue;
      if (counts) this.countFailure(live);
      this.end(attempt);
    }
    for (const [key, holder] of [...this.done]) {
      const { id: stage, kept, stored } = this.planOf(key);
      if (holder === id && (kept || (stored && !this.settled.has(stage)))) this.done.delete(key);
    }
  }
  known(id: string): boolean {
    return this.cores.has(id);
  }
  startFailed(): void {
    this.losses++;
  }

  /** The end of an attempt is about to be reported; undefined when the driver must ignore it. */
  reported(attempt: number, kind: "success" | "fetch" | "counted"): Live | undefined {
    const live = this.live.get(attempt);
    if (!live) return undefined;
    if (kind === "counted" && !live.killed) this.countFailure(live);
    if (kind === "fetch") this.fetchFailures.set(live.stage.id, (this.fetchFailures.get(live.stage.id) ?? 0) + 1);
    this.end(attempt);
    return live;
  }
  /** The driver gives an attempt up of which no message came. */
  abandoned(attempt: number): void {
    const live = this.live.get(attempt);
    check(live !== undefined, () => `attempt ${attempt} is given up, but it had ended`);
    this.countFailure(live);
    this.end(attempt);
  }
  outputGone(stage: number, partition: number): void {
    this.done.delete(`${stage}:${partition}`);
  }
  holder(stage: number, partition: number): string | undefined {
    return this.done.get(`${stage}:${partition}`);
  }

  launched(command: Launched, stage: StagePlan): void {
    const { attempt, partition, executor, speculative } = command;
    const key = `${stage.id}:${partition}`;
    const at = `attempt ${attempt} of ${key} on ${executor}`;
    check(this.cores.has(executor), () => `${at}: the executor is dead`);
    check(!this.excluded.has(executor), () => `${at}: the executor is excluded`);
    check(!this.avoided.has(`${stage.id}@${executor}`), () => `${at}: the stage avoids the executor`);
    check(!this.done.has(key), () => `${at}: the partition has a result`);
    check(!this.settled.has(stage.id) || stage.kept, () => `${at}: the stage is over`);
    const copies = [...this.live.values()].filter((l) => l.stage === stage && l.partition === partition && !l.killed);
    check(copies.length <= (speculative ? 1 : 0), () => `${at}: ${copies.length} copies run already`);
    for (const input of stage.inputs) {
      const { numTasks } = this.stages[input];
      for (let p = 0; p < numTasks; p++) {
        const holder = this.done.get(`${input}:${p}`);
        check(holder !== undefined && this.cores.has(holder), () => `${at}: input ${input}:${p} is missing`);
      }
    }
    const used = this.used.get(executor)! + stage.cpus;
    check(used <= this.cores.get(executor)!, () => `${at}: ${used} of ${this.cores.get(executor)} slots`);
    this.used.set(executor, used);
    const { maxLosses } = this.scenario.options;
    const failures = this.failures.get(key) ?? 0;
    check(failures < maxLosses, () => `${at}: ${failures} failures already`);
    const pool = this.poolOf(stage.id);
    this.poolRunning.set(pool, (this.poolRunning.get(pool) ?? 0) + 1);
    this.live.set(attempt, { stage, partition, executor, pool, killed: false });
  }

  /** No other pool, of those that still have waiting tasks after the launches, has a better claim to the next slot. */
  checkShares(stage: number, after: Snapshot): void {
    const pool = this.poolOf(stage);
    const claim = (name: string) => {
      const { minShare, weight } = this.scenario.options.pools.find((p) => p.name === name) ?? {
        minShare: 0,
        weight: 1,
      };
      const running = this.poolRunning.get(name) ?? 0;
      return running < minShare ? [0, running / Math.max(minShare, 1)] : [1, running / weight];
    };
    const mine = claim(pool);
    for (const { name, pending } of after.pools) {
      if (name === pool || pending === 0) continue;
      const [need, ratio] = claim(name);
      check(
        need > mine[0] || (need === mine[0] && ratio >= mine[1]),
        () => `pool ${name} had a better claim than ${pool}`,
      );
    }
  }
  accepted(command: Extract<SchedulerCommand, { type: "accept" }>, reported: Live | undefined): void {
    const { stage, partition, executor, first } = command;
    const key = `${stage}:${partition}`;
    check(reported !== undefined, () => `a success of ${key} counts that was not reported now`);
    check(
      reported.stage.id === stage && reported.partition === partition,
      () => `${key} got the result of another task`,
    );
    check(!this.done.has(key), () => `${key} has two results`);
    check(this.cores.has(executor), () => `${key} lies on the dead executor ${executor}`);
    check(first !== this.ever.has(key), () => `${key}: the first result is counted ${first ? "twice" : "never"}`);
    this.ever.add(key);
    this.done.set(key, executor);
    this.failures.delete(key);
    this.losses = 0;
  }
  killed(attempt: number): void {
    const live = this.live.get(attempt);
    if (live) live.killed = true;
  }
  excludedNow(executor: string, stage: number | undefined): void {
    if (stage === undefined) this.excluded.add(executor);
    else this.avoided.add(`${stage}@${executor}`);
  }
  included(executor: string): void {
    this.excluded.delete(executor);
  }
  /** A new round of a stage forgets failures, and with them where it does not want to run. */
  resubmitted(stage: number): void {
    for (const key of this.avoided) if (key.startsWith(`${stage}@`)) this.avoided.delete(key);
    for (const key of this.failures.keys()) if (key.startsWith(`${stage}:`)) this.failures.delete(key);
  }

  completed(stage: StagePlan): void {
    this.settled.add(stage.id);
    for (let p = 0; p < stage.numTasks; p++) {
      const holder = this.done.get(`${stage.id}:${p}`);
      check(holder !== undefined, () => `stage ${stage.id} is complete without partition ${p}`);
      const there = !(stage.kept || stage.stored) || this.cores.has(holder);
      check(there, () => `stage ${stage.id} is complete, but partition ${p} is lost`);
    }
  }
  failed(stage: StagePlan, failure: StageFailure, cancelled: boolean): void {
    const { options } = this.scenario;
    const why = `stage ${stage.id} failed with ${failure.kind}`;
    const running = [...this.live.values()].filter((live) => live.stage === stage);
    check(running.length === 0, () => `${why} while ${running.length} of its tasks run`);
    this.settled.add(stage.id);
    switch (failure.kind) {
      case "cancelled":
        check(cancelled, () => `${why}, but nobody cancelled it`);
        break;
      case "task": {
        const seen = this.allFailures.get(`${failure.stage}:${failure.partition}`) ?? 0;
        check(failure.failures >= options.maxFailures, () => `${why} after ${failure.failures} failures`);
        check(seen >= failure.failures, () => `${why} claiming ${failure.failures} failures, there were ${seen}`);
        break;
      }
      case "fetch": {
        const seen = this.fetchFailures.get(failure.stage) ?? 0;
        check(seen >= options.maxStageAttempts, () => `${why} after ${seen} fetch failures`);
        break;
      }
      case "excluded":
        check(options.exclusion !== undefined, () => `${why} although nothing is excluded`);
        break;
      case "noExecutors":
        check(this.losses > options.allocation!.maxRetries, () => `${why} after ${this.losses} losses`);
        break;
      case "cores":
        check(false, () => why);
    }
  }

  /** Nothing is left when all jobs have ended. */
  atRest(snapshot: Snapshot, jobs: readonly JobPlan[], open: number): void {
    check(open === 0, () => `${open} of ${jobs.length} jobs never end`);
    check(this.live.size === 0, () => `${this.live.size} attempts never end`);
    const { attempts, activeStages, keptStages, executors, pools } = snapshot;
    check(
      attempts === 0 && snapshot.jobs.length === 0,
      () => `${attempts} attempts, ${snapshot.jobs.length} jobs are left`,
    );
    check(activeStages.length === 0, () => `stages ${activeStages.join(", ")} are active without a job`);
    check(keptStages === 0, () => `${keptStages} released outputs are left`);
    for (const { id, free, cores } of executors)
      check(free === cores, () => `executor ${id}: ${free} of ${cores} free`);
    for (const { name, running } of pools) check(running === 0, () => `pool ${name} counts ${running} running tasks`);
  }

  private countFailure(live: Live): void {
    const key = `${live.stage.id}:${live.partition}`;
    this.allFailures.set(key, (this.allFailures.get(key) ?? 0) + 1);
    if (!live.killed && !this.done.has(key)) this.failures.set(key, (this.failures.get(key) ?? 0) + 1);
  }
  private end(attempt: number): void {
    const live = this.live.get(attempt)!;
    this.live.delete(attempt);
    this.poolRunning.set(live.pool, this.poolRunning.get(live.pool)! - 1);
    const used = this.used.get(live.executor);
    if (used === undefined) return;
    check(used >= live.stage.cpus, () => `executor ${live.executor} has a negative number of slots in use`);
    this.used.set(live.executor, used - live.stage.cpus);
  }
  private planOf(key: string): StagePlan {
    return this.stages[Number(key.slice(0, key.indexOf(":")))];
  }
}
