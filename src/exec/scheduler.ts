import { deserializeError, SparkException, type EventBus } from "../common/index.js";
import type { TaskMessage, TaskReply } from "./task.js";

/** One job: the stages an action runs. Its signal fires when it is cancelled or one of its tasks failed. */
export interface Job {
  readonly id: number;
  readonly signal: AbortSignal;
}

export interface Stage {
  readonly name: string;
  /** Registered name of the task that every partition runs. */
  readonly task: string;
  readonly numTasks: number;
  /** Made anew for every attempt: it names the blocks that are there at that moment. */
  payload(partition: number, attempt: number): unknown;
  /** Partitions to run; all of them by default. */
  readonly partitions?: readonly number[];
  /** Kept stages whose blocks the payloads name: made whole before this stage starts, and again after a fetch failure. */
  readonly inputs?: readonly StageOutput[];
  preferredExecutors?(partition: number): readonly string[];
  /** Slots that one task takes. */
  readonly cpus?: number;
}

/** Results of a stage that later stages read; a lost one is computed again when it is needed. */
export interface StageOutput<R = unknown> {
  readonly stageId: number;
  readonly numTasks: number;
  /** The present result of a partition. */
  result(partition: number): R;
  results(): readonly R[];
  /** Lets go of the results and of what is needed to compute them again. */
  release(): void;
}

export interface JobOptions {
  readonly description: string;
  readonly signal?: AbortSignal;
}

/** Where tasks run. */
export interface TaskRunner {
  run(message: TaskMessage): Promise<TaskReply>;
}

/** Jobs → stages → tasks: hands tasks to the pool, cancels a job whose task failed, reports on the bus. */
export class Scheduler {
  private nextJob = 0;
  private nextStage = 0;
  private nextAttempt = 0;
  private readonly running = new Set<AbortController>();

  constructor(
    private readonly runner: TaskRunner,
    private readonly bus: EventBus,
    private readonly maxFailures: number,
  ) {}

  /** Runs an action as a job: `body` submits its stages with {@link runStage}. */
  async runJob<T>(options: JobOptions, body: (job: Job) => Promise<T>): Promise<T> {
    const id = this.nextJob++;
    const controller = new AbortController();
    const forward = (): void => controller.abort(options.signal?.reason);
    options.signal?.throwIfAborted();
    options.signal?.addEventListener("abort", forward, { once: true });
    this.running.add(controller);
    this.bus.emit({ type: "jobStart", jobId: id, description: options.description, time: Date.now() });
    let error: Error | undefined;
    try {
      return await body({ id, signal: controller.signal });
    } catch (e) {
      error = e as Error;
      controller.abort(error);
      throw e;
    } finally {
      this.running.delete(controller);
      options.signal?.removeEventListener("abort", forward);
      this.bus.emit({ type: "jobEnd", jobId: id, succeeded: !error, ...(error ? { error } : {}), time: Date.now() });
    }
  }

  /** Runs a stage whose results later stages read. */
  async runKept<R>(job: Job, stage: Stage): Promise<StageOutput<R>> {
    const stageId = this.nextStage;
    let kept: R[] = await this.runStage<R>(job, stage);
    return {
      stageId,
      numTasks: stage.numTasks,
      result: (partition) => kept[partition],
      results: () => kept,
      release: () => void (kept = []),
    };
  }

  /** Runs one task a partition and returns the results in the order of `partitions`; the first failure cancels the rest. */
  async runStage<R>(job: Job, stage: Stage, onResult?: (partition: number, result: R) => void): Promise<R[]> {
    const stageId = this.nextStage++;
    const partitions = stage.partitions ?? Array.from({ length: stage.numTasks }, (_, i) => i);
    const numTasks = partitions.length;
    this.bus.emit({ type: "stageSubmitted", jobId: job.id, stageId, name: stage.name, numTasks, time: Date.now() });
    const cancelled = new SharedArrayBuffer(4);
    const stop = new AbortController();
    const cancel = (): void => {
      Atomics.store(new Int32Array(cancelled), 0, 1);
      stop.abort(job.signal.reason);
    };
    let error: Error | undefined;
    try {
      job.signal.throwIfAborted();
      job.signal.addEventListener("abort", cancel, { once: true });
      const results: R[] = new Array(numTasks);
      const attempts = partitions.map(async (partition, i) => {
        const result = await this.attempt<R>(stage, stageId, partition, cancelled, stop.signal);
        results[i] = result;
        onResult?.(partition, result);
      });
      await Promise.all(attempts).catch(async (e: unknown) => {
        cancel();
        await Promise.allSettled(attempts);
        throw job.signal.aborted && job.signal.reason instanceof Error ? job.signal.reason : e;
      });
      return results;
    } catch (e) {
      error = e as Error;
      throw e;
    } finally {
      job.signal.removeEventListener("abort", cancel);
      this.bus.emit({ type: "stageCompleted", stageId, ...(error ? { error } : {}), time: Date.now() });
    }
  }

  /** Cancels every running job. */
  cancelAll(reason: Error): void {
    for (const controller of this.running) controller.abort(reason);
  }

  private async attempt<R>(
    stage: Stage,
    stageId: number,
    partition: number,
    cancelled: SharedArrayBuffer,
    signal: AbortSignal,
  ): Promise<R> {
    for (let attempt = 0; ; attempt++) {
      const at = { stageId, partition, attempt };
      this.bus.emit({ type: "taskStart", ...at, time: Date.now() });
      try {
        signal.throwIfAborted();
        const reply = await this.runner.run({
          task: stage.task,
          payload: stage.payload(partition, attempt),
          stageId,
          partitionId: partition,
          numPartitions: stage.numTasks,
          attempt,
          taskAttemptId: this.nextAttempt++,
          cancelled,
        });
        if ("error" in reply) throw deserializeError(reply.error);
        this.bus.emit({ type: "taskEnd", ...at, succeeded: true, time: Date.now() });
        return reply.result as R;
      } catch (e) {
        const error = e as Error;
        this.bus.emit({ type: "taskEnd", ...at, succeeded: false, error, time: Date.now() });
        if (signal.aborted || attempt + 1 >= this.maxFailures) throw describeFailure(error, stage, partition);
      }
    }
  }
}

/** Spark's own errors pass as they are; anything else is wrapped with the stage and partition it happened in. */
function describeFailure(error: Error, stage: Stage, partition: number): Error {
  if (error instanceof SparkException || error.name === "AbortError") return error;
  return new SparkException(`Task of partition ${partition} in stage "${stage.name}" failed: ${error.message}`, {
    condition: "TASK_FAILED",
    cause: error,
  });
}
