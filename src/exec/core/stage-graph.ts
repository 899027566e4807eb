import type { StageFailure, StageRequest } from "./scheduler-types.js";
import type { SchedulerState } from "./scheduler-state.js";
import { StageRun, type JobRun } from "./stage-run.js";

/**
 * The life of stages: a stage launches tasks while all its inputs are whole; what its tasks stored and was lost is computed
 * again, its own inputs first, for as long as a job wants it.
 */
export class StageGraph {
  /** By input: the active stages that read it. */
  private readonly readers = new Map<number, Set<StageRun>>();

  constructor(private readonly state: SchedulerState) {}

  submit(job: JobRun, request: StageRequest): void {
    const { state } = this;
    const stage = new StageRun(request, state.options.taskCpus);
    stage.owner = job;
    stage.maxAttemptsPerExecutor = state.options.exclusion?.maxTaskAttemptsPerExecutor ?? Infinity;
    state.stages.set(stage.id, stage);
    state.outputs.open(stage.id, stage.numTasks, stage.partitions);
    const cores = state.options.allocation?.coresPerExecutor;
    if (job.cancelled) this.refuse(stage, { kind: "cancelled", reason: job.cancelled.reason });
    else if (cores !== undefined && stage.cpus > cores)
      this.refuse(stage, { kind: "cores", stage: stage.id, cpus: stage.cpus, cores });
    else this.activate(stage, job);
  }

  /** Makes a kept stage whole for a job that reads it outside of its stages. */
  restore(job: JobRun, id: number): void {
    const stage = this.state.stages.get(id);
    if (stage && !this.state.outputs.whole(id)) this.activate(stage, job);
    else this.state.emit({ type: "stageCompleted", stage: id });
  }

  /** A reader met a partition of a stage that is gone: it waits for it, whether or not it was declared as an input. */
  recoverInput(reader: StageRun, input: number): void {
    if (reader.state !== "active" || !this.state.stages.get(input)?.kept) return;
    if (!reader.inputs.includes(input)) {
      reader.inputs.push(input);
      this.readersOf(input).add(reader);
    }
    this.await(reader);
  }

  /** Partitions of a stage are gone: they are computed again now when somebody is waiting, else when they are wanted. */
  lost(id: number, partitions: readonly number[]): void {
    const { state } = this;
    const stage = state.stages.get(id);
    if (!stage) return;
    if (stage.state === "active") for (const p of partitions) stage.reopen(p, state.alive);
    else for (const p of partitions) stage.done[p] = 0;
    for (const reader of [...(this.readers.get(id) ?? [])]) if (reader.state === "active") this.await(reader);
  }

  taskDone(stage: StageRun): void {
    if (stage.remaining === 0) this.complete(stage);
  }

  /** Fails a stage and those that wait for it; reported when their last attempts have ended. */
  fail(stage: StageRun, failure: StageFailure): void {
    if (stage.state !== "active") return;
    const { state } = this;
    stage.state = "failing";
    stage.failure = failure;
    this.leave(stage);
    stage.clearPending();
    stage.speculatable.clear();
    for (const attempt of stage.attempts()) state.kill(attempt, "Stage cancelled");
    for (const reader of [...(this.readers.get(stage.id) ?? [])]) {
      if (reader.waitingOn.has(stage.id)) this.fail(reader, failure);
    }
    this.attemptEnded(stage);
  }

  /** A stage that is failing is reported once nothing of it runs. */
  attemptEnded(stage: StageRun): void {
    if (stage.state !== "failing" || stage.runningCount > 0) return;
    const { failure } = stage;
    const again = [...stage.again].filter((job) => !job.cancelled);
    this.rest(stage);
    this.state.emit({ type: "stageFailed", stage: stage.id, failure: failure! });
    stage.owner = undefined;
    stage.failure = undefined;
    for (const job of again) this.activate(stage, job);
  }

  /** The job wants nothing any more. */
  endJob(job: JobRun, failure: StageFailure): void {
    for (const stage of [...job.stages]) {
      stage.jobs.delete(job);
      stage.again.delete(job);
      job.stages.delete(stage);
      if (stage.jobs.size === 0) this.fail(stage, failure);
      else if (stage.owner === job) {
        stage.owner = undefined;
        this.state.emit({ type: "stageAbandoned", stage: stage.id, job: job.id, failure });
      }
    }
  }

  release(id: number): void {
    const stage = this.state.stages.get(id);
    this.state.outputs.release(id);
    if (!stage) return;
    if (stage.state === "active") this.fail(stage, { kind: "cancelled", reason: "its output was released" });
    this.state.stages.delete(id);
    for (const reader of this.readers.get(id) ?? []) {
      reader.waitingOn.delete(id);
      this.runIfReady(reader);
    }
    this.readers.delete(id);
  }

  private activate(stage: StageRun, job: JobRun): void {
    const { state } = this;
    if (stage.state === "failing") {
      stage.again.add(job);
      job.stages.add(stage);
      return;
    }
    stage.jobs.add(job);
    job.stages.add(stage);
    if (stage.state === "active") {
      for (const input of stage.waitingOn) this.activate(state.stages.get(input)!, job);
      return;
    }
    stage.state = "active";
    state.active.add(stage);
    stage.priority = job.id;
    stage.pool = state.pools.get(job.pool);
    stage.begin(stage.kept ? state.outputs.missing(stage.id) : this.partitionsOf(stage), state.now, state.alive);
    if (stage.owner !== job) {
      state.emit({ type: "stageResubmitted", stage: stage.id, job: job.id, partitions: stage.remaining });
    }
    for (const input of stage.inputs) this.readersOf(input).add(stage);
    if (stage.remaining === 0) this.complete(stage);
    else this.await(stage);
  }

  /** Lets the stage run if its inputs are whole, else sees to it that they become so. */
  private await(stage: StageRun): void {
    const { state } = this;
    for (const id of stage.inputs) {
      if (stage.waitingOn.has(id) || state.outputs.whole(id)) continue;
      stage.waitingOn.add(id);
      this.leavePool(stage);
      const input = state.stages.get(id)!;
      for (const job of stage.jobs) {
        this.activate(input, job);
        if (stage.state !== "active") return;
      }
    }
    this.runIfReady(stage);
  }
  private runIfReady(stage: StageRun): void {
    if (stage.state !== "active" || stage.waitingOn.size > 0 || stage.runnable) return;
    stage.runnable = true;
    stage.localSince = this.state.now;
    stage.pool!.add(stage);
  }

  private complete(stage: StageRun): void {
    const { state } = this;
    this.leave(stage);
    this.rest(stage);
    stage.owner = undefined;
    state.emit({ type: "stageCompleted", stage: stage.id });
    for (const reader of [...(this.readers.get(stage.id) ?? [])]) {
      reader.waitingOn.delete(stage.id);
      this.runIfReady(reader);
    }
  }
  private refuse(stage: StageRun, failure: StageFailure): void {
    this.rest(stage);
    this.state.emit({ type: "stageFailed", stage: stage.id, failure });
    stage.owner = undefined;
  }

  /** No longer takes part in scheduling. */
  private leave(stage: StageRun): void {
    this.leavePool(stage);
    stage.waitingOn.clear();
    for (const input of stage.inputs) {
      const readers = this.readers.get(input);
      readers?.delete(stage);
      if (readers?.size === 0) this.readers.delete(input);
    }
  }
  private leavePool(stage: StageRun): void {
    if (!stage.runnable) return;
    stage.runnable = false;
    stage.pool!.remove(stage);
  }
  private rest(stage: StageRun): void {
    stage.state = "idle";
    stage.clearPending();
    this.state.active.delete(stage);
    for (const job of [...stage.jobs, ...stage.again]) job.stages.delete(stage);
    stage.jobs.clear();
    stage.again.clear();
    if (stage.kept) return;
    this.state.stages.delete(stage.id);
    this.state.outputs.release(stage.id);
  }
  private readersOf(input: number): Set<StageRun> {
    let readers = this.readers.get(input);
    if (!readers) this.readers.set(input, (readers = new Set()));
    return readers;
  }
  private *partitionsOf(stage: StageRun): Iterable<number> {
    if (stage.partitions) yield* new Set(stage.partitions);
    else for (let p = 0; p < stage.numTasks; p++) yield p;
  }
}
