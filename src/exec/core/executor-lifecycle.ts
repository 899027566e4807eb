import { ExecutorSlots } from "./executor-slots.js";
import type { SchedulerState } from "./scheduler-state.js";
import type { AttemptFailure } from "./scheduler-types.js";
import type { StageGraph } from "./stage-graph.js";
import type { Attempt } from "./stage-run.js";

/** What the lifecycle of executors needs from the rest. */
export interface ExecutorCallbacks {
  attemptFailed(attempt: Attempt, failure: AttemptFailure): void;
  /** Whether cached blocks lie on the executor. */
  holdsCache(executor: string): boolean;
}

/** Executors come, fall silent, die, idle, are excluded and replaced. */
export class ExecutorLifecycle {
  private requested = 0;
  private lostInARow = 0;

  constructor(
    private readonly state: SchedulerState,
    private readonly graph: StageGraph,
    private readonly callbacks: ExecutorCallbacks,
  ) {}

  added(id: string, cores: number): void {
    const { state } = this;
    if (state.executors.has(id)) return;
    state.executors.set(id, new ExecutorSlots(id, cores, state.now));
    this.armHeartbeat();
  }

  lost(id: string, counts: boolean, cause: unknown): void {
    const { state } = this;
    const executor = state.executors.get(id);
    if (!executor) return;
    this.remove(executor, counts ? "lost" : "notCounted", cause);
    if (counts) this.replaceLost(cause);
    else this.request();
  }

  /** One that was asked for did not come. */
  failed(cause: unknown): void {
    this.replaceLost(cause);
  }

  /** A task succeeded, so executors are not lost in a row. */
  taskSucceeded(): void {
    this.lostInARow = 0;
  }

  /** The application avoids the executor from now on. */
  excluded(id: string): void {
    const { state } = this;
    const executor = state.executors.get(id);
    if (!executor) return;
    state.emit({ type: "excluded", executor: id });
    state.arm(state.health!.nextExpiry());
    if (state.allocation && state.options.exclusion!.killExcluded)
      this.stop(executor, "tasks failed on it too often (excludeOnFailure)", "notCounted");
  }

  /** Stops an executor and has another one started. */
  stop(executor: ExecutorSlots, reason: string, failure: "lost" | "notCounted"): void {
    this.state.emit({ type: "removeExecutor", executor: executor.id, reason });
    const cause = new Error(reason);
    this.remove(executor, failure, cause);
    if (failure === "lost") this.replaceLost(cause);
    else this.request();
  }

  heartbeat(id: string, running: readonly number[] | undefined): void {
    const { state } = this;
    const executor = state.executors.get(id);
    if (!executor) return;
    executor.lastSeen = state.now;
    if (!running) return;
    const known = new Set(running);
    for (const attempt of [...executor.running]) {
      // One heartbeat may have left before the task arrived, two have not.
      if (known.delete(attempt.id) || attempt.launchedAt > executor.lastList) attempt.unmentioned = 0;
      else if (++attempt.unmentioned >= 2) {
        state.emit({ type: "abandon", attempt: attempt.id, executor: id });
        const cause = new Error(`the executor ${id} does not know the task any more: its result was lost`);
        this.callbacks.attemptFailed(attempt, { kind: "lost", cause });
      }
    }
    for (const attempt of known) {
      if (state.attempts.get(attempt)?.executor === id) continue;
      state.emit({ type: "kill", attempt, executor: id, reason: "the task is not wanted any more" });
    }
    executor.lastList = state.now;
  }

  /** Asks for executors when there are too few, at the first stage too. */
  request(): void {
    const { state } = this;
    const { allocation } = state;
    if (!allocation || (state.active.size === 0 && this.requested === 0)) return;
    if (this.requested === allocation.target && state.executors.size >= allocation.target) return;
    this.requested = allocation.target;
    state.emit({ type: "requestExecutors", total: allocation.target });
  }

  /** After every event: how many executors should there be, and which of them are idle for too long. */
  allocate(): void {
    const { state } = this;
    const { allocation } = state;
    if (!allocation?.isDynamic) return;
    let demand = 0;
    let backlog = false;
    for (const stage of state.active) {
      if (stage.pendingCount > 0 && stage.runnable) backlog = true;
      demand += ((stage.runnable ? stage.pendingCount : 0) + stage.runningCount + stage.speculatable.size) * stage.cpus;
    }
    const { size: executors } = state.executors;
    if (allocation.update({ demand, backlog, executors }, state.now)) {
      this.requested = allocation.target;
      state.emit({ type: "requestExecutors", total: allocation.target });
    }
    state.arm(allocation.wakeAt);
    for (const executor of [...state.executors.values()]) {
      if (executor.running.size > 0) continue;
      const holdsOutput = state.outputs.holdsOutput(executor.id);
      const until = allocation.idleUntil(executor.idleSince, holdsOutput, this.callbacks.holdsCache(executor.id));
      if (state.now < until) state.arm(until);
      else {
        allocation.start();
        if (!allocation.mayRemove(state.executors.size)) continue;
        state.emit({ type: "removeExecutor", executor: executor.id, reason: "idle" });
        this.remove(executor, "notCounted", undefined);
      }
    }
  }

  checkHeartbeats(): void {
    const { state } = this;
    const { heartbeatTimeout } = state.options;
    if (heartbeatTimeout === undefined) return;
    for (const executor of [...state.executors.values()]) {
      const silent = state.now - executor.lastSeen;
      if (silent > heartbeatTimeout) this.stop(executor, `no heartbeat for ${silent} ms`, "lost");
    }
    this.armHeartbeat();
  }
  private armHeartbeat(): void {
    const { state } = this;
    const { heartbeatTimeout } = state.options;
    if (heartbeatTimeout === undefined) return;
    for (const executor of state.executors.values()) state.arm(executor.lastSeen + heartbeatTimeout + 1);
  }

  private replaceLost(cause: unknown): void {
    const { state } = this;
    const lost = ++this.lostInARow;
    if (lost <= (state.options.allocation?.maxRetries ?? Infinity) || state.executors.size > 0) this.request();
    else for (const stage of [...state.active]) this.graph.fail(stage, { kind: "noExecutors", lost, cause });
  }

  private remove(executor: ExecutorSlots, kind: "lost" | "notCounted", cause: unknown): void {
    const { state } = this;
    const { id } = executor;
    state.executors.delete(id);
    state.health?.executorRemoved(id);
    for (const stage of state.active) stage.forgetPreference(id);
    for (const { stage, partitions } of state.outputs.executorLost(id)) this.graph.lost(stage, partitions);
    for (const attempt of [...executor.running]) this.callbacks.attemptFailed(attempt, { kind, cause });
  }
}
