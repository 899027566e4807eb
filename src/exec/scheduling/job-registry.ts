import { type EventBus, SparkException } from "../../common/index.js";
import type { SchedulerEvent } from "../core/scheduler-types.js";
import type { Job, JobOptions } from "./stage.js";

interface RunningJob {
  readonly controller: AbortController;
  /** Spark's error for its cancellation, once it is cancelled by a name it shares with other jobs. */
  cancellation?: SparkException;
}

/** Why jobs are cancelled; each gets an error of its own from it. */
class Cancellation {
  constructor(readonly why: string) {}
}

/** The running jobs and what cancels them. */
export class JobRegistry {
  private nextJob = 0;
  private readonly running = new Map<number, RunningJob>();
  /** Groups whose future jobs are cancelled, too. */
  private readonly cancelledGroups = new Map<string, string>();

  constructor(
    private readonly bus: EventBus,
    private readonly send: (event: SchedulerEvent) => void,
  ) {}

  get size(): number {
    return this.running.size;
  }

  async run<T>(options: JobOptions, body: (job: Job) => Promise<T>): Promise<T> {
    const { description, signal, group, pool, tags } = options;
    signal?.throwIfAborted();
    const id = this.nextJob++;
    const futureReason = group === undefined ? undefined : this.cancelledGroups.get(group);
    if (futureReason !== undefined) throw cancelledError(id, futureReason);
    const controller = new AbortController();
    const forward = (): void => this.send({ type: "cancelJob", job: id, reason: signal?.reason });
    signal?.addEventListener("abort", forward, { once: true });
    this.running.set(id, { controller });
    const about = { ...(group === undefined ? {} : { group }), ...(tags ? { tags } : {}), ...(pool ? { pool } : {}) };
    this.bus.emit({ type: "jobStart", jobId: id, description, ...about, time: Date.now() });
    this.send({ type: "jobStarted", job: id, ...about });
    let error: Error | undefined;
    try {
      return await body({ id, signal: controller.signal });
    } catch (e) {
      error = e as Error;
      controller.abort(error);
      throw e;
    } finally {
      this.running.delete(id);
      signal?.removeEventListener("abort", forward);
      this.send({ type: "jobEnded", job: id });
      this.bus.emit({ type: "jobEnd", jobId: id, succeeded: !error, ...(error ? { error } : {}), time: Date.now() });
    }
  }

  /** The core has cancelled the job: its body learns of it. */
  cancelled(id: number, reason: unknown): void {
    this.running.get(id)?.controller.abort(this.errorFor(id, reason));
  }
  /** What a job rejects with that was cancelled for this reason. */
  errorFor(id: number, reason: unknown): unknown {
    if (!(reason instanceof Cancellation)) return reason;
    const job = this.running.get(id);
    if (!job) return cancelledError(id, reason.why);
    return (job.cancellation ??= cancelledError(id, reason.why));
  }

  cancelJob(id: number, why = ""): void {
    this.send({ type: "cancelJob", job: id, reason: new Cancellation(why) });
  }
  cancelGroup(group: string, options: { readonly reason?: string; readonly future?: boolean }): void {
    const why = options.reason ?? `part of cancelled job group ${group}`;
    if (options.future) this.cancelledGroups.set(group, why);
    this.send({ type: "cancelGroup", group, reason: new Cancellation(why) });
  }
  cancelTag(tag: string, why = `part of cancelled job tags ${tag}`): void {
    this.send({ type: "cancelTag", tag, reason: new Cancellation(why) });
  }
  cancelStage(stage: number, why: string | undefined): void {
    const reason = `because Stage ${stage} was cancelled${why === undefined ? "" : `: ${why}`}`;
    this.send({ type: "cancelStage", stage, reason: new Cancellation(reason) });
  }
  cancelAll(reason?: Error): void {
    this.send({ type: "cancelAll", reason: reason ?? new Cancellation("as part of cancellation of all jobs") });
  }
}

const cancelledError = (job: number, why: string): SparkException =>
  new SparkException(`Job ${job} cancelled ${why}`.trimEnd(), {
    condition: "SPARK_JOB_CANCELLED",
    sqlState: "XXKDA",
    parameters: { jobId: String(job), reason: why },
  });
