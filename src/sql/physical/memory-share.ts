import type { TaskMemory } from "../../exec/index.js";

/** Memory is taken in steps of this size, so that the counter all tasks share is seldom touched. */
const STEP_BYTES = 2 ** 20;

/** What an operator may hold when nothing is granted: enough to make progress, little enough not to matter. */
export const LEAST_BYTES = 4 * 2 ** 20;

/** What one operator uses of its task's memory. */
export class MemoryShare {
  private used = 0;
  private taken = 0;

  constructor(
    private readonly memory: TaskMemory,
    /** Bytes that are used without asking. */
    private readonly least: number = LEAST_BYTES,
  ) {}

  /** Accounts for `bytes` more; false, changing nothing, when there is no room: spill first. */
  take(bytes: number): boolean {
    return this.resize(this.used + bytes);
  }

  /** Makes `total` the bytes in use; false, changing nothing, when there is no room. */
  resize(total: number): boolean {
    const missing = total - this.least - this.taken;
    if (missing > 0) {
      const step = Math.max(missing, STEP_BYTES);
      if (this.memory.acquire(step)) this.taken += step;
      else if (step > missing && this.memory.acquire(missing)) this.taken += missing;
      else return false;
    }
    this.used = total;
    return true;
  }

  get bytes(): number {
    return this.used;
  }

  /** Gives everything back. */
  free(): void {
    if (this.taken > 0) this.memory.release(this.taken);
    this.taken = this.used = 0;
  }
}
