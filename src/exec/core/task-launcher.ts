import type { ExecutorSlots } from "./executor-slots.js";
import type { SchedulerState } from "./scheduler-state.js";
import type { StageGraph } from "./stage-graph.js";
import type { Attempt, StageRun } from "./stage-run.js";

/** Gives free slots to tasks, one at a time, always to the stage with the best claim that can use one. */
export class TaskLauncher {
  private readonly candidates: ExecutorSlots[] = [];
  /** Stages with tasks that no executor may run. */
  private readonly stuck = new Set<StageRun>();

  constructor(
    private readonly state: SchedulerState,
    private readonly graph: StageGraph,
    /** Stops an executor and has another one started. */
    private readonly replace: (executor: ExecutorSlots) => void,
  ) {}

  launchAll(): void {
    const { state } = this;
    while (this.anyFree() && state.pools.first((stage) => this.launchOne(stage)));
    if (this.stuck.size === 0) return;
    const stuck = [...this.stuck];
    this.stuck.clear();
    for (const stage of stuck) this.handleStuck(stage);
  }

  private anyFree(): boolean {
    for (const executor of this.state.executors.values()) if (executor.free > 0) return true;
    return false;
  }

  private launchOne(stage: StageRun): boolean {
    if (stage.pendingCount === 0 && stage.speculatable.size === 0) return false;
    const { state } = this;
    const { health } = state;
    const { candidates } = this;
    candidates.length = 0;
    for (const executor of state.executors.values()) {
      if (executor.free < stage.cpus) continue;
      if (health && (health.isExcluded(executor.id) || health.avoidedBy(stage, executor.id))) continue;
      candidates.push(executor);
    }
    if (candidates.length > 1) candidates.sort((a, b) => b.free - a.free);
    if (stage.pendingCount > 0) {
      for (const executor of candidates) {
        const partition = stage.takeLocal(executor.id);
        if (partition === undefined) continue;
        stage.localSince = state.now;
        return this.launch(stage, partition, executor, false);
      }
      for (const executor of candidates) {
        const partition = stage.takeUnpreferred(executor.id);
        if (partition !== undefined) return this.launch(stage, partition, executor, false);
      }
      const anyFrom = stage.localSince + state.options.localityWait;
      if (state.now < anyFrom) state.arm(anyFrom);
      else {
        for (const executor of candidates) {
          const partition = stage.takeAny(executor.id);
          if (partition !== undefined) return this.launch(stage, partition, executor, false);
        }
      }
      if (health) this.noteStuck(stage);
    }
    if (stage.speculatable.size > 0) {
      const others = state.executors.size > 1;
      for (const executor of candidates) {
        const partition = stage.takeSpeculative(executor.id, others);
        if (partition !== undefined) return this.launch(stage, partition, executor, true);
      }
    }
    return false;
  }

  private launch(stage: StageRun, partition: number, executor: ExecutorSlots, speculative: boolean): boolean {
    const { state } = this;
    const attempt: Attempt = {
      id: state.nextAttempt++,
      stage,
      partition,
      number: stage.nextNumber(partition),
      executor: executor.id,
      pool: stage.pool!,
      launchedAt: state.now,
      speculative,
      killed: false,
      unmentioned: 0,
    };
    state.attempts.set(attempt.id, attempt);
    stage.started(attempt);
    stage.unschedulableSince = undefined;
    attempt.pool.running++;
    executor.take(attempt);
    const { id, number } = attempt;
    state.emit({ type: "launch", attempt: id, stage: stage.id, partition, number, executor: executor.id, speculative });
    return true;
  }

  private noteStuck(stage: StageRun): void {
    if (this.stuckPartition(stage) !== undefined) this.stuck.add(stage);
  }
  private stuckPartition(stage: StageRun): number | undefined {
    const { executors, health } = this.state;
    if (!health || executors.size === 0) return undefined;
    const usable = [...executors.keys()].filter((id) => !health.isExcluded(id) && !health.avoidedBy(stage, id));
    return stage.pendingPartitions().find((p) => usable.every((id) => stage.triedEnough(p, id)));
  }

  /**
   * As Spark's resourceOffers: an idle executor that the task may not use makes way for a fresh one; the stage fails when
   * that does not help in time, or at once where executors cannot be replaced.
   */
  private handleStuck(stage: StageRun): void {
    const { state } = this;
    const partition = this.stuckPartition(stage);
    if (stage.state !== "active" || partition === undefined) return;
    const { allocation } = state;
    const timeout = state.options.exclusion!.unschedulableTimeout;
    if (!allocation || state.now >= (stage.unschedulableSince ?? Infinity) + timeout) {
      this.graph.fail(stage, { kind: "excluded", stage: stage.id, partition });
      return;
    }
    if (stage.unschedulableSince !== undefined) {
      state.arm(stage.unschedulableSince + timeout);
      return;
    }
    for (const executor of state.executors.values()) {
      if (executor.running.size > 0) continue;
      stage.unschedulableSince = state.now;
      state.arm(state.now + timeout);
      this.replace(executor);
      return;
    }
  }
}
