import { deserializeError, type EventBus, SparkException } from "../common/index.js";
import type { SchedulerCommand, SchedulerEvent, SchedulerOptions, StageFailure } from "./core/scheduler-types.js";
import { TaskScheduler } from "./core/task-scheduler.js";
import { classifyError } from "./scheduling/classify-error.js";
import { describeFailure } from "./scheduling/describe-failure.js";
import { JobRegistry } from "./scheduling/job-registry.js";
import { KeptOutput } from "./scheduling/kept-output.js";
import type { SchedulerHooks } from "./scheduling/scheduler-hooks.js";
import { namesBlocks } from "./scheduling/names-blocks.js";
import type { RunningAttempt, StageRecord } from "./scheduling/stage-record.js";
import type { Job, JobOptions, Stage, StageOutput } from "./scheduling/stage.js";
import type { ExecutorControl, TaskExecutor } from "./scheduling/task-executor.js";
import { WakeTimer } from "./scheduling/wake-timer.js";
import type { TaskReply } from "./task.js";

export type { Job, JobOptions, Stage, StageOutput } from "./scheduling/stage.js";
export type { ExecutorControl, TaskExecutor } from "./scheduling/task-executor.js";
export type { SchedulerHooks } from "./scheduling/scheduler-hooks.js";
export { schedulerOptions } from "./scheduling/scheduler-options.js";

/**
 * Jobs → stages → tasks. {@link TaskScheduler} decides; this class carries its commands out on executors, hands results to
 * those who wait for them and reports on the bus.
 */
export class Scheduler {
  /** What others do when results arrive or executors go; set once, before the first job. */
  hooks: SchedulerHooks = {};
  private readonly core: TaskScheduler;
  private readonly jobs: JobRegistry;
  private readonly executors = new Map<string, TaskExecutor>();
  private readonly stages = new Map<number, StageRecord>();
  private readonly attempts = new Map<number, RunningAttempt>();
  /** Replies of attempts whose success the core has not judged yet. */
  private readonly replies = new Map<number, TaskReply>();
  /** Cancel flags nobody has raised. */
  private readonly flags: SharedArrayBuffer[] = [];
  private readonly inbox: SchedulerEvent[] = [];
  private handling = false;
  private nextStage = 0;
  private readonly timer = new WakeTimer(() => this.send({ type: "tick" }));
  private stopped = false;
  private readonly forgotten = new FinalizationRegistry<number>((stage) => this.releaseOutput(stage));

  constructor(
    options: SchedulerOptions,
    private readonly bus: EventBus,
    private readonly control?: ExecutorControl,
  ) {
    this.core = new TaskScheduler(options, (executor) => this.hooks.cachedOn?.(executor) ?? false);
    this.jobs = new JobRegistry(bus, (event) => this.send(event));
  }

  /** Runs an action as a job: `body` submits its stages with {@link runStage} and {@link runKept}. */
  async runJob<T>(options: JobOptions, body: (job: Job) => Promise<T>): Promise<T> {
    if (this.stopped) throw new SparkException("Cannot call methods on a stopped SparkContext.");
    const { jobDefaults } = this.hooks;
    // Whoever says this has asked the local properties already, when the action was called.
    if (!jobDefaults || options.interruptOnCancel !== undefined) return this.jobs.run(options, body);
    const defaults = jobDefaults(options.description);
    return this.jobs.run({ ...defaults, ...options, description: defaults.description }, body);
  }

  /** Runs one task a partition and returns the results in the order of `partitions`; the first failure cancels the rest. */
  async runStage<R>(job: Job, stage: Stage, onResult?: (partition: number, result: R) => void): Promise<R[]> {
    const record = await this.submit(job, stage, false, onResult as StageRecord["onResult"]);
    this.stages.delete(record.id);
    const results = record.results as R[];
    return stage.partitions ? stage.partitions.map((partition) => results[partition]) : results;
  }

  /** Runs a stage whose results later stages read: partitions that are lost are computed again when they are needed. */
  async runKept<R>(job: Job, stage: Stage): Promise<StageOutput<R>> {
    const record = await this.submit(job, stage, true, undefined);
    const { id } = record;
    const located = (partition: number): string | undefined => this.core.location(id, partition);
    const output = new KeptOutput<R>(record, located, () => {
      this.releaseOutput(id);
      this.hooks.onReleased?.(id);
    });
    this.forgotten.register(output, id);
    return output;
  }

  /** Computes what is missing of a kept stage, for a job that reads it outside of tasks. */
  async restore(job: Job, output: StageOutput): Promise<void> {
    job.signal.throwIfAborted();
    const record = this.stages.get(output.stageId);
    if (!record) throw new SparkException(`The output of stage ${output.stageId} was released.`);
    for (let partition = 0; this.core.location(record.id, partition) !== undefined; partition++)
      if (partition === record.stage.numTasks - 1) return;
    await new Promise<void>((resolve, reject) => {
      record.waiters.push({ resolve, reject });
      job.signal.addEventListener("abort", () => reject(job.signal.reason as Error), { once: true });
      this.send({ type: "outputWanted", job: job.id, stage: record.id });
    });
  }

  /** Says that a partition of a kept stage is gone although its executor lives: a damaged file. */
  reportLost(stageId: number, partition: number): void {
    this.send({ type: "outputLost", stage: stageId, partition });
  }

  cancelJob(id: number, reason?: string): void {
    this.jobs.cancelJob(id, reason);
  }
  /** Cancels the jobs of a group; with `future` those that are still to be started, too. */
  cancelJobGroup(group: string, options: { readonly reason?: string; readonly future?: boolean } = {}): void {
    this.jobs.cancelGroup(group, options);
  }
  cancelTag(tag: string, reason?: string): void {
    this.jobs.cancelTag(tag, reason);
  }
  /** Fails a stage and with it its job. */
  cancelStage(id: number, reason?: string): void {
    this.jobs.cancelStage(id, reason);
  }
  /** Cancels every running job. */
  cancelAll(reason?: Error): void {
    this.jobs.cancelAll(reason);
  }

  executorAdded(executor: TaskExecutor): void {
    this.executors.set(executor.id, executor);
    this.bus.emit({ type: "executorAdded", executor: executor.id, cores: executor.cores, time: Date.now() });
    this.send({ type: "executorAdded", executor: executor.id, cores: executor.cores });
  }
  /** An executor that was asked for could not be started. */
  executorFailed(cause: Error): void {
    this.send({ type: "executorFailed", cause });
  }
  /** `countTowardsFailures: false` when it was taken away and its tasks cannot be to blame. */
  executorLost(id: string, cause: Error, options: { readonly countTowardsFailures?: boolean } = {}): void {
    if (!this.executors.has(id)) return;
    this.forgetExecutor(id, cause.message);
    this.send({ type: "executorLost", executor: id, counts: options.countTowardsFailures ?? true, cause });
  }
  /** An executor lives and works on these attempts. */
  heartbeat(id: string, running?: readonly number[]): void {
    this.send({ type: "heartbeat", executor: id, ...(running ? { running } : {}) });
  }

  /** What is running and waiting, for status reports and tests. */
  snapshot(): ReturnType<TaskScheduler["snapshot"]> {
    return this.core.snapshot();
  }

  /** No new job, no new executor, no timer; jobs that were cancelled end with their tasks. */
  stop(): void {
    this.stopped = true;
    this.timer.stop();
  }

  private async submit(job: Job, stage: Stage, kept: boolean, onResult: StageRecord["onResult"]): Promise<StageRecord> {
    job.signal.throwIfAborted();
    const id = this.nextStage++;
    const numTasks = stage.partitions?.length ?? stage.numTasks;
    const record: StageRecord = { id, job, stage, results: new Array<unknown>(stage.numTasks), onResult, waiters: [] };
    this.stages.set(id, record);
    const done = new Promise<void>((resolve, reject) => record.waiters.push({ resolve, reject }));
    this.bus.emit({ type: "stageSubmitted", jobId: job.id, stageId: id, name: stage.name, numTasks, time: Date.now() });
    this.send({
      type: "stageSubmitted",
      job: job.id,
      stage: id,
      numTasks: stage.numTasks,
      kept,
      inputs: stage.inputs?.map((input) => input.stageId) ?? [],
      ...(stage.partitions ? { partitions: stage.partitions } : {}),
      ...(stage.cpus === undefined ? {} : { cpus: stage.cpus }),
      ...(stage.preferredExecutors ? { preferred: (partition) => stage.preferredExecutors!(partition) } : {}),
    });
    try {
      await done;
    } catch (error) {
      // Nobody can name what some of its tasks left.
      this.releaseOutput(id);
      this.hooks.onReleased?.(id);
      throw error;
    }
    return record;
  }

  /** Events that commands cause are handled after the present one. */
  private send(event: SchedulerEvent): void {
    this.inbox.push(event);
    if (this.handling) return;
    this.handling = true;
    try {
      for (let next = this.inbox.shift(); next; next = this.inbox.shift()) {
        for (const command of this.core.handle(next, performance.now())) this.carryOut(command);
        if (next.type === "attemptSucceeded") this.discard(next.attempt);
      }
    } finally {
      this.handling = false;
    }
    this.timer.set(this.core.wakeAt, this.jobs.size > 0);
  }

  private carryOut(command: SchedulerCommand): void {
    switch (command.type) {
      case "launch":
        this.launch(command);
        break;
      case "kill": {
        const attempt = this.attempts.get(command.attempt);
        if (attempt) Atomics.store(new Int32Array(attempt.cancelled), 0, 1);
        this.executors.get(command.executor)?.cancel(command.attempt);
        break;
      }
      case "abandon": {
        const attempt = this.attempts.get(command.attempt);
        if (attempt) this.ended(attempt, new SparkException("The result of the task was lost."));
        break;
      }
      case "accept":
        this.accept(command);
        break;
      case "stageCompleted":
        this.settle(command.stage, undefined);
        break;
      case "stageFailed": {
        const record = this.stages.get(command.stage);
        if (record) this.settle(record.id, { error: this.errorOf(command.failure, record) });
        break;
      }
      case "stageAbandoned": {
        // Its own job's promise is the only one that such a stage still has; others wait through the core.
        const record = this.stages.get(command.stage);
        for (const waiter of record?.waiters.splice(0, 1) ?? []) waiter.reject(this.errorOf(command.failure, record!));
        break;
      }
      case "stageResubmitted": {
        const { stage: stageId, job: jobId, partitions: numTasks } = command;
        const name = this.stages.get(stageId)?.stage.name ?? "";
        this.bus.emit({ type: "stageResubmitted", jobId, stageId, name, numTasks, time: Date.now() });
        break;
      }
      case "jobCancelled":
        this.jobs.cancelled(command.job, command.reason);
        break;
      case "excluded": {
        const { executor, stage: stageId } = command;
        const where = stageId === undefined ? {} : { stageId };
        this.bus.emit({ type: "executorExcluded", executor, ...where, time: Date.now() });
        break;
      }
      case "included":
        this.bus.emit({ type: "executorIncluded", executor: command.executor, time: Date.now() });
        break;
      case "requestExecutors":
        if (!this.stopped) this.control?.setTarget(command.total);
        break;
      case "removeExecutor":
        this.forgetExecutor(command.executor, command.reason);
        this.control?.remove(command.executor, command.reason);
        break;
    }
  }

  private launch(command: Extract<SchedulerCommand, { type: "launch" }>): void {
    const { attempt: id, partition, number, executor: executorId, speculative } = command;
    const record = this.stages.get(command.stage)!;
    const cancelled = this.flags.pop() ?? new SharedArrayBuffer(4);
    const attempt: RunningAttempt = { id, record, partition, number, executor: executorId, cancelled };
    this.attempts.set(id, attempt);
    const at = { stageId: record.id, partition, attempt: number, executor: executorId, speculative };
    this.bus.emit({ type: "taskStart", ...at, time: Date.now() });
    const { stage } = record;
    let payload: unknown;
    try {
      payload = stage.payload(partition, number);
    } catch (cause) {
      this.ended(attempt, cause as Error);
      this.send({ type: "attemptFailed", attempt: id, failure: { kind: "fatal", cause } });
      return;
    }
    const message = {
      task: stage.task,
      payload,
      stageId: record.id,
      partitionId: partition,
      numPartitions: stage.numTasks,
      attempt: number,
      taskAttemptId: id,
      cancelled,
    };
    this.executors
      .get(executorId)!
      .run(message)
      .then(
        (reply) => {
          if ("error" in reply) this.failed(attempt, deserializeError(reply.error));
          else this.succeeded(attempt, reply);
        },
        (error: unknown) => this.failed(attempt, error),
      );
  }

  private succeeded(attempt: RunningAttempt, reply: TaskReply): void {
    if (!this.attempts.has(attempt.id)) {
      this.hooks.onDiscarded?.(attempt.executor, reply);
      return;
    }
    this.replies.set(attempt.id, reply);
    // Only executors of other processes take stored results along when they die; `onResult` has read them by then.
    const { control } = this;
    const stored = control !== undefined && !attempt.record.onResult && "result" in reply && namesBlocks(reply.result);
    this.send({ type: "attemptSucceeded", attempt: attempt.id, stored });
  }

  private failed(attempt: RunningAttempt, error: unknown): void {
    const { id, executor } = attempt;
    if (!this.attempts.has(id)) return;
    this.ended(attempt, error as Error);
    // The backend's own word may come later: the core must not launch anything there any more.
    if (error instanceof SparkException && error.condition === "EXECUTOR_LOST") this.executorLost(executor, error);
    const failure = classifyError(error);
    if (failure.kind === "fetch" && this.executors.has(executor)) {
      const { path = "" } = (error as SparkException).messageParameters;
      this.hooks.onFetchFailed?.({ stageId: failure.stage, partition: failure.partition, path });
    }
    this.send({ type: "attemptFailed", attempt: id, failure });
  }

  /** The attempt's result is the partition's. */
  private accept(command: Extract<SchedulerCommand, { type: "accept" }>): void {
    const { attempt: id, partition, executor, first } = command;
    const reply = this.replies.get(id)!;
    this.replies.delete(id);
    const attempt = this.attempts.get(id)!;
    const { record } = attempt;
    this.ended(attempt);
    if (!("result" in reply)) return;
    record.results[partition] = reply.result;
    const place = { stageId: record.id, partition };
    if (first && reply.updates?.length) this.hooks.onUpdates?.(reply.updates, place);
    if (reply.cached?.length) this.hooks.onCached?.(executor, reply.cached, place);
    if (!first || !record.onResult) return;
    try {
      record.onResult(partition, reply.result as never);
    } catch (reason) {
      this.send({ type: "cancelStage", stage: record.id, reason });
    }
  }

  /** A success that came too late, or second, does not count. */
  private discard(id: number): void {
    const reply = this.replies.get(id);
    if (!reply) return;
    this.replies.delete(id);
    const attempt = this.attempts.get(id)!;
    this.ended(attempt, new SparkException("Another attempt succeeded, or nobody waits for the result any more."));
    this.hooks.onDiscarded?.(attempt.executor, reply);
  }

  private ended(attempt: RunningAttempt, error?: Error): void {
    const { id, record, partition, number, executor, cancelled } = attempt;
    this.attempts.delete(id);
    if (Atomics.load(new Int32Array(cancelled), 0) === 0 && this.executors.has(executor)) this.flags.push(cancelled);
    const at = { stageId: record.id, partition, attempt: number, executor };
    const outcome = error ? { succeeded: false, error } : { succeeded: true };
    this.bus.emit({ type: "taskEnd", ...at, ...outcome, time: Date.now() });
  }

  private settle(stageId: number, failure: { readonly error: unknown } | undefined): void {
    const record = this.stages.get(stageId);
    if (!record) return;
    const error = failure?.error as Error | undefined;
    this.bus.emit({ type: "stageCompleted", stageId, ...(error ? { error } : {}), time: Date.now() });
    for (const { resolve, reject } of record.waiters.splice(0)) {
      if (failure) reject(failure.error);
      else resolve();
    }
  }

  private errorOf(failure: StageFailure, record: StageRecord): unknown {
    if (failure.kind === "cancelled") return this.jobs.errorFor(record.job.id, failure.reason);
    return describeFailure(failure, record.stage.name);
  }

  private releaseOutput(stageId: number): void {
    if (!this.stages.delete(stageId)) return;
    this.send({ type: "outputReleased", stage: stageId });
  }

  private forgetExecutor(id: string, reason: string): void {
    if (!this.executors.delete(id)) return;
    this.bus.emit({ type: "executorRemoved", executor: id, reason, time: Date.now() });
    this.hooks.onExecutorLost?.(id);
  }
}
