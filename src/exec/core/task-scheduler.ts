import { ExecutorLifecycle } from "./executor-lifecycle.js";
import type {
  AttemptFailure,
  SchedulerCommand,
  SchedulerEvent,
  SchedulerOptions,
  StageFailure,
} from "./scheduler-types.js";
import { SchedulerState } from "./scheduler-state.js";
import { markSlowTasks } from "./speculation.js";
import { StageGraph } from "./stage-graph.js";
import type { Attempt, JobRun, StageRun } from "./stage-run.js";
import { TaskLauncher } from "./task-launcher.js";

/**
 * Decides which task runs where and when, what happens after failures, and how many executors there are: Spark's
 * DAGScheduler, TaskSchedulerImpl and ExecutorAllocationManager as one state machine. Events go in, commands come out;
 * it reads no clock, starts nothing and waits for nothing, so that a simulator can drive it. Messages about attempts or
 * executors that it does not know (late, duplicate, of the dead) change nothing.
 */
export class TaskScheduler {
  private readonly state: SchedulerState;
  private readonly graph: StageGraph;
  private readonly launcher: TaskLauncher;
  private readonly executors: ExecutorLifecycle;
  private nextSpeculation = 0;

  /** `holdsCache` tells whether cached blocks lie on an executor (those may idle for longer). */
  constructor(
    readonly options: SchedulerOptions,
    holdsCache: (executor: string) => boolean = () => false,
  ) {
    this.state = new SchedulerState(options);
    this.graph = new StageGraph(this.state);
    this.executors = new ExecutorLifecycle(this.state, this.graph, {
      attemptFailed: (attempt, failure) => this.attemptFailed(attempt, failure),
      holdsCache,
    });
    this.launcher = new TaskLauncher(this.state, this.graph, (executor) =>
      this.executors.stop(executor, "no task may run on it (excludeOnFailure)", "notCounted"),
    );
  }

  /** Takes in what happened at time `now` (milliseconds, never going back) and says what to do. */
  handle(event: SchedulerEvent, now: number): SchedulerCommand[] {
    const { state } = this;
    state.now = now;
    this.apply(event);
    if (now >= state.wakeAt) this.tick();
    this.launcher.launchAll();
    this.executors.allocate();
    if (this.options.speculation && state.active.size > 0) state.arm(Math.max(this.nextSpeculation, now + 1));
    return state.drain();
  }

  /** When to send a `tick` unless something else happens before; `Infinity` when nothing is due. */
  get wakeAt(): number {
    return this.state.wakeAt;
  }

  /** Where a partition of a kept stage lies. */
  location(stage: number, partition: number): string | undefined {
    return this.state.outputs.location(stage, partition);
  }

  /** Numbers for tests and status reports. */
  snapshot() {
    const { state } = this;
    return {
      executors: [...state.executors.values()].map(({ id, cores, free, running }) => ({
        id,
        cores,
        free,
        running: running.size,
        excluded: state.health?.isExcluded(id) ?? false,
      })),
      pools: [...state.pools.all()].map(({ name, running, minShare, weight, stages }) => ({
        name,
        running,
        minShare,
        weight,
        pending: stages.reduce((sum, stage) => sum + stage.pendingCount, 0),
      })),
      activeStages: [...state.active].map((stage) => stage.id),
      jobs: [...state.jobs.keys()],
      attempts: state.attempts.size,
      keptStages: state.outputs.size,
    };
  }

  private apply(event: SchedulerEvent): void {
    const { state } = this;
    switch (event.type) {
      case "attemptSucceeded": {
        const attempt = state.attempts.get(event.attempt);
        if (attempt) this.attemptSucceeded(attempt, event.stored ?? false);
        break;
      }
      case "attemptFailed": {
        const attempt = state.attempts.get(event.attempt);
        if (attempt) this.attemptFailed(attempt, event.failure);
        break;
      }
      case "executorAdded":
        this.executors.added(event.executor, event.cores);
        break;
      case "executorLost":
        this.executors.lost(event.executor, event.counts, event.cause);
        break;
      case "executorFailed":
        this.executors.failed(event.cause);
        break;
      case "heartbeat":
        this.executors.heartbeat(event.executor, event.running);
        break;
      case "jobStarted": {
        const { job: id, pool, group, tags = [] } = event;
        state.jobs.set(id, { id, pool, group, tags, stages: new Set(), cancelled: undefined });
        break;
      }
      case "jobEnded": {
        const job = state.jobs.get(event.job);
        if (!job) break;
        state.jobs.delete(event.job);
        job.cancelled ??= { reason: "the job has ended" };
        this.graph.endJob(job, { kind: "cancelled", reason: job.cancelled.reason });
        break;
      }
      case "stageSubmitted": {
        const job = state.jobs.get(event.job);
        if (!job) break;
        state.allocation?.start();
        this.graph.submit(job, event);
        this.executors.request();
        break;
      }
      case "outputWanted": {
        const job = state.jobs.get(event.job);
        if (job && !job.cancelled) this.graph.restore(job, event.stage);
        break;
      }
      case "outputLost":
        if (state.outputs.fetchFailed(event.stage, event.partition, Infinity))
          this.graph.lost(event.stage, [event.partition]);
        break;
      case "outputReleased":
        this.graph.release(event.stage);
        break;
      case "cancelJob":
        this.cancel((job) => job.id === event.job, event.reason);
        break;
      case "cancelGroup":
        this.cancel((job) => job.group === event.group, event.reason);
        break;
      case "cancelTag":
        this.cancel((job) => job.tags.includes(event.tag), event.reason);
        break;
      case "cancelAll":
        this.cancel(() => true, event.reason);
        break;
      case "cancelStage": {
        const stage = state.stages.get(event.stage);
        if (stage) this.graph.fail(stage, { kind: "cancelled", reason: event.reason });
        break;
      }
      case "tick":
        break;
    }
  }

  private cancel(which: (job: JobRun) => boolean, reason: unknown): void {
    for (const job of this.state.jobs.values()) {
      if (job.cancelled || !which(job)) continue;
      job.cancelled = { reason };
      this.state.emit({ type: "jobCancelled", job: job.id, reason });
      this.graph.endJob(job, { kind: "cancelled", reason });
    }
  }

  private attemptSucceeded(attempt: Attempt, stored: boolean): void {
    const { state } = this;
    const { stage, partition, executor } = attempt;
    state.drop(attempt);
    this.executors.taskSucceeded();
    if (stage.state !== "active" || stage.done[partition] !== 0) {
      this.graph.attemptEnded(stage);
      return;
    }
    const first = stage.succeed(partition);
    stage.durations.push(state.now - attempt.launchedAt);
    if (stage.kept || stored) state.outputs.register(stage.id, partition, executor, state.nextAttempt);
    state.emit({ type: "accept", attempt: attempt.id, stage: stage.id, partition, executor, first });
    for (const copy of stage.copies(partition)) state.kill(copy, "another attempt succeeded");
    this.graph.taskDone(stage);
    if (stage.remaining > 0) return;
    // What failed in a stage that succeeded was not the tasks' fault.
    for (const id of state.health?.stageSucceeded(stage, state.now) ?? []) this.executors.excluded(id);
  }

  private attemptFailed(attempt: Attempt, failure: AttemptFailure): void {
    const { state } = this;
    const { stage, partition, executor } = attempt;
    state.drop(attempt);
    if (stage.state !== "active") {
      this.graph.attemptEnded(stage);
      return;
    }
    if (stage.done[partition] !== 0) return;
    if (!attempt.killed) {
      const fatal =
        failure.kind === "fetch"
          ? this.fetchFailed(attempt, failure)
          : failure.kind === "notCounted"
            ? undefined
            : this.countFailure(stage, partition, executor, failure);
      if (fatal) {
        this.graph.fail(stage, fatal);
        return;
      }
    }
    // The stage may have failed with an input, or been reopened by it.
    if (stage.state === "active" && stage.done[partition] === 0 && !stage.isRunning(partition))
      stage.enqueue(partition, state.alive);
  }

  private countFailure(
    stage: StageRun,
    partition: number,
    executor: string,
    failure: Extract<AttemptFailure, { kind: "error" | "lost" | "fatal" }>,
  ): StageFailure | undefined {
    const { state } = this;
    const { errors, losses } = stage.fail(partition, failure.kind === "lost");
    const { maxFailures, maxLosses } = this.options;
    if (failure.kind === "fatal" || errors >= maxFailures || errors + losses >= maxLosses) {
      const failures = errors + losses;
      return { kind: "task", stage: stage.id, partition, failures, executor, cause: failure.cause };
    }
    if (state.health?.taskFailed(stage, partition, executor) && state.alive(executor))
      state.emit({ type: "excluded", executor, stage: stage.id });
    return undefined;
  }

  /** The input's task runs again and then the reader; only a row of such failures ends the stage. */
  private fetchFailed(attempt: Attempt, failure: Extract<AttemptFailure, { kind: "fetch" }>): StageFailure | undefined {
    const { state } = this;
    const { stage } = attempt;
    const at = state.outputs.location(failure.stage, failure.partition);
    if (state.outputs.fetchFailed(failure.stage, failure.partition, attempt.id)) {
      if (state.options.exclusion?.fetchFailure && at !== undefined && state.alive(at)) {
        state.health!.exclude(at, state.now);
        this.executors.excluded(at);
      }
      this.graph.lost(failure.stage, [failure.partition]);
    }
    if (attempt.id >= stage.roundStart) {
      stage.roundStart = state.nextAttempt;
      if (++stage.fetchFailures >= this.options.maxStageAttempts)
        return { kind: "fetch", stage: stage.id, attempts: stage.fetchFailures, cause: failure.cause };
    }
    this.graph.recoverInput(stage, failure.stage);
    return undefined;
  }

  private tick(): void {
    const { state } = this;
    state.wakeAt = Infinity;
    this.executors.checkHeartbeats();
    for (const executor of state.health?.expire(state.now) ?? []) state.emit({ type: "included", executor });
    state.arm(state.health?.nextExpiry() ?? Infinity);
    const { speculation } = this.options;
    if (!speculation || state.now < this.nextSpeculation) return;
    this.nextSpeculation = state.now + speculation.interval;
    let slots = 0;
    for (const executor of state.executors.values()) slots += executor.cores;
    for (const stage of state.active) markSlowTasks(stage, speculation, Math.floor(slots / stage.cpus), state.now);
  }
}
