import type { AllocationOptions } from "./scheduler-types.js";

/** What the scheduler has to do and with what. */
export interface Workload {
  /** Slots that pending and running tasks want. */
  readonly demand: number;
  readonly backlog: boolean;
  readonly executors: number;
}

/**
 * How many executors there should be: Spark's ExecutorAllocationManager. While tasks wait for `backlogTimeout`, and then at
 * every `sustainedBacklogTimeout`, 1, 2, 4, 8... executors are added, up to what the tasks can use.
 */
export class ExecutorAllocation {
  target: number;
  private step = 1;
  private addAt = Infinity;
  /** The initial number stands until there is something to do, or an executor was idle for too long. */
  private settled = false;

  constructor(private readonly options: AllocationOptions) {
    const { dynamic } = options;
    this.target = dynamic ? Math.min(Math.max(dynamic.initial, dynamic.min), dynamic.max) : options.executors;
  }

  get isDynamic(): boolean {
    return this.options.dynamic !== undefined;
  }
  /** When to look again although nothing happens. */
  get wakeAt(): number {
    return this.addAt;
  }
  start(): void {
    this.settled = true;
  }

  /** Adapts the target; true when it changed. */
  update(work: Workload, now: number): boolean {
    const { dynamic } = this.options;
    if (!dynamic) return false;
    if (!work.backlog) {
      this.addAt = Infinity;
      this.step = 1;
    } else if (this.addAt === Infinity) this.addAt = now + dynamic.backlogTimeout;
    if (!this.settled) return false;
    const before = this.target;
    const needed = Math.ceil((work.demand * dynamic.ratio) / this.options.coresPerExecutor);
    if (needed < this.target) {
      this.target = Math.max(needed, dynamic.min);
      this.step = 1;
    } else if (now >= this.addAt) {
      this.addAt = now + dynamic.sustainedBacklogTimeout;
      const wanted = Math.max(this.target, work.executors) + this.step;
      this.target = Math.min(Math.max(Math.min(wanted, needed), dynamic.min), dynamic.max);
      this.step = this.target - before === this.step ? this.step * 2 : 1;
    }
    return this.target !== before;
  }

  /** When an executor that has been idle since then may go. */
  idleUntil(idleSince: number, holdsOutput: boolean, holdsCache: boolean): number {
    const { dynamic } = this.options;
    if (!dynamic || holdsOutput) return Infinity;
    return idleSince + (holdsCache ? dynamic.cachedIdleTimeout : dynamic.idleTimeout);
  }
  mayRemove(executors: number): boolean {
    const least = this.options.dynamic?.min ?? this.options.executors;
    return executors - 1 >= Math.max(least, this.target);
  }
}
