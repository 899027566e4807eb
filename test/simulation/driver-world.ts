import type { AttemptFailure, SchedulerCommand, SchedulerEvent } from "../../src/exec/core/scheduler-types.js";
import type { TaskScheduler } from "../../src/exec/core/task-scheduler.js";
import { Clock } from "./clock.js";
import { Cluster, type Driver } from "./cluster.js";
import { Invariants } from "./invariants.js";
import { undisturbed } from "./lineage.js";
import { Random } from "./random.js";
import type { JobPlan, Scenario, StagePlan } from "./scenario.js";
import { check } from "./violation.js";

/** What a simulation drives: the scheduler, or a variant that is broken on purpose. */
export type SchedulerUnderTest = Pick<TaskScheduler, "handle" | "wakeAt" | "snapshot">;

interface RunningJob {
  readonly plan: JobPlan;
  next: number;
  cancelled: boolean;
}

export interface Outcome {
  readonly succeeded: number;
  readonly failed: number;
  readonly launches: number;
  readonly events: number;
}

const DEADLINE = 2_000_000;

/** A driver program, its scheduler and a cluster, in virtual time. */
export class DriverWorld implements Driver {
  private readonly clock = new Clock();
  private readonly random: Random;
  private readonly cluster: Cluster;
  private readonly invariants: Invariants;
  private readonly stages: readonly StagePlan[];
  private readonly expected: ReadonlyMap<number, readonly number[]>;
  private readonly results: (number | undefined)[][];
  private readonly completed = new Set<number>();
  private readonly jobOf = new Map<number, RunningJob>();
  private readonly running = new Map<number, RunningJob>();
  private readonly cancelled = new Set<number>();
  /** Shares can be compared where every waiting task could have had every slot. */
  private readonly comparable: boolean;
  /** By partition: the first attempt that could know of its present copy. */
  private readonly since = new Map<string, number>();
  /** Pools of stages that run again for another job. */
  private readonly adopted = new Map<number, string>();
  /** By executor: when it came up or sent its last heartbeat. */
  private readonly heardOf = new Map<string, number>();
  private nextAttempt = 0;
  private waiting: number;
  private wakeAt = Infinity;
  private shuttingDown = false;
  private outcome = { succeeded: 0, failed: 0, launches: 0, events: 0 };
  /** The message that the scheduler is handling. */
  private reported: { readonly live: ReturnType<Invariants["reported"]>; readonly value: number } | undefined;

  constructor(
    private readonly scenario: Scenario,
    private readonly scheduler: SchedulerUnderTest,
    private readonly trace: (text: () => string) => void,
  ) {
    this.random = new Random(scenario.seed ^ 0x5bd1e995);
    this.stages = scenario.jobs.flatMap((job) => job.stages);
    this.expected = undisturbed(this.stages);
    this.results = this.stages.map((stage) => new Array<number | undefined>(stage.numTasks).fill(undefined));
    const pools = new Map(scenario.jobs.flatMap((job) => job.stages.map((stage) => [stage.id, job.pool ?? "default"])));
    this.invariants = new Invariants(scenario, this.stages, (stage) => this.adopted.get(stage) ?? pools.get(stage)!);
    const cores = scenario.fixed?.cores ?? scenario.options.allocation!.coresPerExecutor;
    const { faults, faultsEnd } = scenario;
    const timed = (text: () => string): void => this.say(text);
    this.cluster = new Cluster(this.clock, this.random, faults, faultsEnd, cores, this, () => this.over(), timed);
    this.waiting = scenario.jobs.length;
    const { options } = scenario;
    const alike = this.stages.every((stage) => stage.cpus === 1 && stage.preferred === undefined);
    this.comparable = alike && options.mode === "FAIR" && !options.exclusion && !options.speculation;
  }

  run(): Outcome {
    const { scenario, clock } = this;
    for (let n = 0; n < (scenario.fixed?.executors ?? 0); n++) this.cluster.start();
    for (const plan of scenario.jobs) clock.after(plan.start, () => this.startJob(plan));
    for (const { time, what, target } of scenario.cancellations) clock.after(time, () => this.cancel(what, target));
    while (!this.over() && clock.now < DEADLINE && clock.step());
    this.shuttingDown = true;
    check(this.waiting === 0 && this.running.size === 0, () => `${this.waiting + this.running.size} jobs never end`);
    for (const { id, kept } of this.stages) if (kept) this.send({ type: "outputReleased", stage: id });
    this.invariants.atRest(this.scheduler.snapshot(), scenario.jobs, this.running.size);
    return this.outcome;
  }

  executorAdded(id: string, cores: number): void {
    this.heardOf.set(id, this.clock.now);
    this.invariants.executorAdded(id, cores);
    this.send({ type: "executorAdded", executor: id, cores });
  }
  executorFailed(): void {
    this.invariants.startFailed();
    this.send({ type: "executorFailed", cause: "cannot start" });
  }
  executorLost(id: string): void {
    this.invariants.executorGone(id, true);
    this.send({ type: "executorLost", executor: id, counts: true, cause: "crash" });
  }
  heartbeat(id: string, running: readonly number[]): void {
    this.heardOf.set(id, this.clock.now);
    this.send({ type: "heartbeat", executor: id, running });
  }
  succeeded(attempt: number, value: number): void {
    this.reported = { live: this.invariants.reported(attempt, "success"), value };
    this.send({ type: "attemptSucceeded", attempt, stored: this.reported.live?.stage.stored ?? false });
    this.reported = undefined;
  }
  failed(attempt: number, failure: AttemptFailure): void {
    const live = this.invariants.reported(attempt, failure.kind === "fetch" ? "fetch" : "counted");
    if (live && !live.killed && failure.kind === "fetch" && this.completed.has(failure.stage)) {
      // The scheduler forgets the copy only if this reader could know of it; so do the books.
      const { stage, partition } = failure;
      if (attempt >= (this.since.get(`${stage}:${partition}`) ?? 0)) this.invariants.outputGone(stage, partition);
    }
    this.send({ type: "attemptFailed", attempt, failure });
  }

  private send(event: SchedulerEvent): void {
    this.outcome.events++;
    this.say(() => `> ${JSON.stringify(event)}`);
    const commands = this.scheduler.handle(event, this.clock.now);
    const after = this.comparable ? this.scheduler.snapshot() : undefined;
    for (const command of commands) {
      if (after && command.type === "launch") this.invariants.checkShares(command.stage, after);
      this.carryOut(command);
    }
    const { wakeAt } = this.scheduler;
    if (wakeAt === this.wakeAt || this.shuttingDown) return;
    this.wakeAt = wakeAt;
    if (wakeAt === Infinity) return;
    const tick = (): void => {
      if (this.wakeAt !== wakeAt) return;
      this.wakeAt = Infinity;
      this.send({ type: "tick" });
    };
    this.clock.after(Math.max(wakeAt - this.clock.now, 0), tick);
  }

  private carryOut(command: SchedulerCommand): void {
    this.say(() => `    ${JSON.stringify(command)}`);
    switch (command.type) {
      case "launch": {
        const stage = this.stages[command.stage];
        this.invariants.launched(command, stage);
        this.outcome.launches++;
        this.nextAttempt = command.attempt + 1;
        const inputs = stage.inputs.map((input) => ({
          stage: input,
          executors: Array.from({ length: this.stages[input].numTasks }, (_, p) => this.invariants.holder(input, p)!),
        }));
        const { attempt, partition } = command;
        this.cluster.launch(command.executor, { attempt, stage, partition, inputs });
        break;
      }
      case "abandon":
        this.invariants.abandoned(command.attempt);
        break;
      case "kill":
        this.invariants.killed(command.attempt);
        this.cluster.kill(command.executor, command.attempt);
        break;
      case "accept": {
        const { reported } = this;
        this.invariants.accepted(command, reported?.live);
        this.since.set(`${command.stage}:${command.partition}`, this.nextAttempt);
        this.results[command.stage][command.partition] = reported!.value;
        break;
      }
      case "stageCompleted": {
        const stage = this.stages[command.stage];
        this.invariants.completed(stage);
        if (!this.completed.has(stage.id)) {
          this.completed.add(stage.id);
          this.stageEnded(stage, true);
        }
        break;
      }
      case "stageFailed": {
        const stage = this.stages[command.stage];
        const job = this.jobOf.get(stage.id);
        const given = this.cancelled.has(stage.id) || !job || job.cancelled || !this.running.has(job.plan.id);
        this.invariants.failed(stage, command.failure, given || this.cancelled.size > 0);
        this.stageEnded(stage, false);
        break;
      }
      case "stageAbandoned":
        this.stageEnded(this.stages[command.stage], false);
        break;
      case "stageResubmitted":
        this.adopted.set(command.stage, this.running.get(command.job)?.plan.pool ?? "default");
        this.invariants.resubmitted(command.stage);
        break;
      case "jobCancelled":
        this.running.get(command.job)!.cancelled = true;
        break;
      case "excluded":
        this.invariants.excludedNow(command.executor, command.stage);
        break;
      case "included":
        this.invariants.included(command.executor);
        break;
      case "requestExecutors": {
        const { executors, dynamic } = this.scenario.options.allocation!;
        const most = dynamic?.max ?? executors;
        check(command.total >= 0 && command.total <= most, () => `${command.total} of at most ${most} executors`);
        this.cluster.setTarget(command.total);
        break;
      }
      case "removeExecutor":
        this.checkSilence(command.executor, command.reason);
        this.invariants.executorGone(command.executor, command.reason.startsWith("no heartbeat"));
        this.cluster.remove(command.executor);
        break;
    }
  }

  private checkSilence(executor: string, reason: string): void {
    if (!reason.startsWith("no heartbeat")) return;
    const silent = this.clock.now - this.heardOf.get(executor)!;
    check(
      silent > this.scenario.options.heartbeatTimeout!,
      () => `${executor} is given up after ${silent} ms of silence`,
    );
  }

  private startJob(plan: JobPlan): void {
    const job: RunningJob = { plan, next: 0, cancelled: false };
    this.waiting--;
    this.running.set(plan.id, job);
    const { id, pool, group, tags } = plan;
    this.send({ type: "jobStarted", job: id, group, tags, ...(pool === undefined ? {} : { pool }) });
    this.submitNext(job);
  }
  private submitNext(job: RunningJob): void {
    const stage = job.plan.stages[job.next++];
    if (!stage) return this.endJob(job, true);
    // Output of another job that failed, or is not there yet: the program gives up.
    if (stage.inputs.some((input) => !this.completed.has(input))) return this.endJob(job, false);
    this.jobOf.set(stage.id, job);
    const { id, numTasks, inputs, kept, cpus, preferred } = stage;
    this.send({
      type: "stageSubmitted",
      job: job.plan.id,
      stage: id,
      numTasks,
      inputs,
      kept,
      cpus,
      ...(preferred ? { preferred: (partition: number) => [String(preferred[partition])] } : {}),
    });
  }
  /** Programs go on after the scheduler has returned, as code behind an `await` does. */
  private stageEnded(stage: StagePlan, succeeded: boolean): void {
    const job = this.jobOf.get(stage.id);
    if (!job || !this.running.has(job.plan.id)) return;
    this.jobOf.delete(stage.id);
    this.clock.after(0, () => {
      if (succeeded && !job.cancelled) {
        if (!stage.kept) this.checkResult(stage);
        this.submitNext(job);
      } else this.endJob(job, false);
    });
  }
  private endJob(job: RunningJob, succeeded: boolean): void {
    if (!this.running.delete(job.plan.id)) return;
    if (succeeded) this.outcome.succeeded++;
    else this.outcome.failed++;
    this.send({ type: "jobEnded", job: job.plan.id });
  }
  private checkResult(stage: StagePlan): void {
    const expected = this.expected.get(stage.id)!;
    for (const [p, value] of this.results[stage.id].entries())
      check(value === expected[p], () => `stage ${stage.id} partition ${p}: ${value}, undisturbed ${expected[p]}`);
  }

  private cancel(what: "job" | "group" | "tag" | "stage" | "all", target: number): void {
    const reason = `cancelled ${what} ${target}`;
    for (const { id } of this.stages) this.cancelled.add(id);
    const hit = [...this.running.values()].filter(
      ({ plan }) =>
        what === "all" ||
        (what === "job" && plan.id === target) ||
        (what === "group" && plan.group === `g${target}`) ||
        (what === "tag" && plan.tags.includes(`t${target}`)),
    );
    if (what === "job") this.send({ type: "cancelJob", job: target, reason });
    else if (what === "group") this.send({ type: "cancelGroup", group: `g${target}`, reason });
    else if (what === "tag") this.send({ type: "cancelTag", tag: `t${target}`, reason });
    else if (what === "stage") this.send({ type: "cancelStage", stage: target, reason });
    else this.send({ type: "cancelAll", reason });
    for (const { plan, cancelled } of hit)
      check(cancelled, () => `job ${plan.id} goes on after cancel ${what} ${target}`);
  }

  private over(): boolean {
    return this.waiting === 0 && this.running.size === 0 && this.invariants.live.size === 0;
  }

  private say(text: () => string): void {
    this.trace(() => `${String(this.clock.now).padStart(7)}  ${text()}`);
  }
}
