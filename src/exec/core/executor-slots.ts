import type { Attempt } from "./stage-run.js";

/** An executor as the scheduler sees it. */
export class ExecutorSlots {
  readonly running = new Set<Attempt>();
  free: number;
  lastSeen: number;
  idleSince: number;
  /** The last heartbeat that listed attempts. */
  lastList = -Infinity;

  constructor(
    readonly id: string,
    readonly cores: number,
    now: number,
  ) {
    this.free = cores;
    this.lastSeen = now;
    this.idleSince = now;
  }

  take(attempt: Attempt): void {
    this.running.add(attempt);
    this.free = exact(this.free - attempt.stage.cpus);
  }
  give(attempt: Attempt, now: number): void {
    if (!this.running.delete(attempt)) return;
    this.free = exact(this.free + attempt.stage.cpus);
    this.idleSince = now;
  }
}

/** Tasks may take fractions of a core, down to a billionth. */
const exact = (cores: number): number => Math.round(cores * 1e9) / 1e9;
