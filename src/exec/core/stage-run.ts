import type { Pool } from "./pools.js";
import type { StageFailure, StageRequest } from "./scheduler-types.js";

/** One launch of one task. Ids ascend, so that of two attempts the one launched later has the larger. */
export interface Attempt {
  readonly id: number;
  readonly stage: StageRun;
  readonly partition: number;
  readonly number: number;
  readonly executor: string;
  readonly pool: Pool;
  readonly launchedAt: number;
  readonly speculative: boolean;
  killed: boolean;
  /** Heartbeats of the executor, since the launch, that did not mention it. */
  unmentioned: number;
}

/** A job as far as scheduling goes. */
export interface JobRun {
  readonly id: number;
  readonly pool: string | undefined;
  readonly group: string | undefined;
  readonly tags: readonly string[];
  readonly stages: Set<StageRun>;
  cancelled: { readonly reason: unknown } | undefined;
}

interface Failures {
  errors: number;
  losses: number;
}

/** A stage and its tasks: what is done, running and pending. It decides nothing about executors. */
export class StageRun {
  readonly id: number;
  readonly numTasks: number;
  readonly kept: boolean;
  readonly cpus: number;
  readonly inputs: number[];
  readonly partitions: readonly number[] | undefined;
  /** `active` from the submission to the last result; `failing` until the last attempt has ended. */
  state: "idle" | "active" | "failing" = "idle";
  /** Job that awaits the end of the stage. */
  owner: JobRun | undefined;
  /** Jobs for which it is active. */
  readonly jobs = new Set<JobRun>();
  pool: Pool | undefined;
  priority = 0;
  runnable = false;
  /** Inputs that are not whole. */
  readonly waitingOn = new Set<number>();
  failure: StageFailure | undefined;
  /** Jobs that want it again while it is failing. */
  readonly again = new Set<JobRun>();
  fetchFailures = 0;
  /** Fetch failures of attempts before this one belong to a round that was counted already. */
  roundStart = 0;
  /** Tasks of the present round of work, and those of them that are done. */
  roundTasks = 0;
  remaining = 0;
  runningCount = 0;
  readonly durations: number[] = [];
  /** Since when every launch could have been at a preferred executor, but was not. */
  localSince = 0;
  unschedulableSince: number | undefined;
  readonly done: Uint8Array;
  /** By executor: the partitions that failed there, and how often. */
  readonly failedOn = new Map<string, Map<number, number>>();
  readonly speculatable = new Set<number>();

  private readonly counted: Uint8Array;
  private readonly launches: Uint32Array;
  private readonly isPending: Uint8Array;
  private readonly running = new Map<number, Attempt[]>();
  private readonly failures = new Map<number, Failures>();
  private readonly anywhere: number[] = [];
  private readonly unpreferred: number[] = [];
  private readonly atExecutor = new Map<string, number[]>();
  private readonly preferred: ((partition: number) => readonly string[]) | undefined;
  pendingCount = 0;

  constructor(request: StageRequest, taskCpus: number) {
    this.id = request.stage;
    this.numTasks = request.numTasks;
    this.kept = request.kept;
    this.cpus = request.cpus ?? taskCpus;
    this.inputs = [...request.inputs];
    this.partitions = request.partitions;
    this.preferred = request.preferred;
    this.done = new Uint8Array(request.numTasks);
    this.counted = new Uint8Array(request.numTasks);
    this.launches = new Uint32Array(request.numTasks);
    this.isPending = new Uint8Array(request.numTasks);
  }

  /** Starts a round of work on these partitions. */
  begin(partitions: Iterable<number>, now: number, alive: (executor: string) => boolean): void {
    this.clearPending();
    this.failures.clear();
    this.failedOn.clear();
    this.speculatable.clear();
    this.durations.length = 0;
    this.fetchFailures = 0;
    this.localSince = now;
    this.unschedulableSince = undefined;
    this.remaining = 0;
    const queue = [...partitions];
    for (let i = queue.length - 1; i >= 0; i--) {
      this.done[queue[i]] = 0;
      this.remaining++;
      this.enqueue(queue[i], alive);
    }
    this.roundTasks = this.remaining;
  }

  /** The result of a partition is gone while others are still computed. */
  reopen(partition: number, alive: (executor: string) => boolean): void {
    if (this.done[partition] === 0) return;
    this.done[partition] = 0;
    this.remaining++;
    if (!this.isRunning(partition)) this.enqueue(partition, alive);
  }

  /** Pending partitions are taken from the end of each list: a task that failed goes first. */
  enqueue(partition: number, alive: (executor: string) => boolean): void {
    if (this.isPending[partition] !== 0) return;
    this.isPending[partition] = 1;
    this.pendingCount++;
    this.anywhere.push(partition);
    const preferred = this.preferred?.(partition).filter(alive) ?? [];
    if (preferred.length === 0) this.unpreferred.push(partition);
    for (const executor of preferred) {
      const list = this.atExecutor.get(executor);
      if (list) list.push(partition);
      else this.atExecutor.set(executor, [partition]);
    }
  }

  takeLocal(executor: string): number | undefined {
    return this.take(this.atExecutor.get(executor), executor);
  }
  takeUnpreferred(executor: string): number | undefined {
    return this.take(this.unpreferred, executor);
  }
  takeAny(executor: string): number | undefined {
    return this.take(this.anywhere, executor);
  }
  /** A task that runs slowly elsewhere; on the same executor only when there is no other. */
  takeSpeculative(executor: string, others: boolean): number | undefined {
    for (const partition of this.speculatable) {
      const copies = this.running.get(partition);
      if (this.done[partition] !== 0 || copies?.length !== 1) this.speculatable.delete(partition);
      else if ((!others || copies[0].executor !== executor) && !this.triedEnough(partition, executor)) {
        this.speculatable.delete(partition);
        return partition;
      }
    }
    return undefined;
  }
  /** Tasks that waited for the executor may go anywhere. */
  forgetPreference(executor: string): void {
    const list = this.atExecutor.get(executor);
    this.atExecutor.delete(executor);
    for (const partition of list ?? []) if (this.isPending[partition] !== 0) this.unpreferred.push(partition);
  }
  pendingPartitions(): number[] {
    return this.anywhere.filter((partition) => this.isPending[partition] !== 0);
  }

  maxAttemptsPerExecutor = Infinity;
  /** Whether a task failed too often on an executor to run there again. */
  triedEnough(partition: number, executor: string): boolean {
    const failed = this.failedOn.get(executor);
    return failed !== undefined && (failed.get(partition) ?? 0) >= this.maxAttemptsPerExecutor;
  }

  started(attempt: Attempt): void {
    const copies = this.running.get(attempt.partition);
    if (copies) copies.push(attempt);
    else this.running.set(attempt.partition, [attempt]);
    this.runningCount++;
  }
  nextNumber(partition: number): number {
    return this.launches[partition]++;
  }
  ended(attempt: Attempt): void {
    this.runningCount--;
    const copies = this.running.get(attempt.partition)!;
    if (copies.length === 1) this.running.delete(attempt.partition);
    else copies.splice(copies.indexOf(attempt), 1);
  }
  copies(partition: number): readonly Attempt[] {
    return this.running.get(partition) ?? [];
  }
  /** Attempts that are not told to stop. */
  *attempts(): Iterable<Attempt> {
    for (const copies of this.running.values()) for (const attempt of copies) if (!attempt.killed) yield attempt;
  }
  /** Whether a copy runs that was not told to stop. */
  isRunning(partition: number): boolean {
    return this.running.get(partition)?.some((attempt) => !attempt.killed) ?? false;
  }

  /** Takes the result of a partition; true when it is the first ever. */
  succeed(partition: number): boolean {
    const first = this.counted[partition] === 0;
    this.counted[partition] = 1;
    this.done[partition] = 1;
    this.remaining--;
    if (this.isPending[partition] !== 0) {
      this.isPending[partition] = 0;
      this.pendingCount--;
    }
    return first;
  }
  fail(partition: number, lost: boolean): Readonly<Failures> {
    const failures = this.failures.get(partition) ?? { errors: 0, losses: 0 };
    if (lost) failures.losses++;
    else failures.errors++;
    this.failures.set(partition, failures);
    return failures;
  }

  clearPending(): void {
    this.anywhere.length = 0;
    this.unpreferred.length = 0;
    this.atExecutor.clear();
    if (this.pendingCount > 0) this.isPending.fill(0);
    this.pendingCount = 0;
  }

  private take(list: number[] | undefined, executor: string): number | undefined {
    if (!list) return undefined;
    for (let i = list.length - 1; i >= 0; i--) {
      const partition = list[i];
      const stale = this.isPending[partition] === 0;
      if (!stale && this.triedEnough(partition, executor)) continue;
      if (i === list.length - 1) list.pop();
      else list.splice(i, 1);
      if (stale) continue;
      this.isPending[partition] = 0;
      this.pendingCount--;
      return partition;
    }
    return undefined;
  }
}
