import { pagesOf, type UnifiedMemory } from "../memory/index.js";
import type { TaskMemory } from "./partition-function.js";

/** Time that the main thread has to move cached blocks out. */
const ROOM_TIMEOUT_MS = 5_000;
/** After a wish that could not be met, time in which no other is uttered: spilling is cheaper than asking again. */
const PATIENCE_MS = 100;

/** Execution memory of the task in a slot, taken from the budget that all tasks and stored blocks share. */
export class SlotMemory implements TaskMemory {
  private bytes = 0;
  private pages = 0;
  /** When the last wish was not met, by what it was for. */
  private readonly refusedAt = new Map<number, number>();
  /** Largest amount held so far, in bytes. */
  peak = 0;

  constructor(
    private readonly memory: UnifiedMemory,
    readonly slot: number,
  ) {}

  get held(): number {
    return this.bytes;
  }

  acquire(bytes: number, onlyFree = false): boolean {
    const more = pagesOf(this.bytes + bytes) - this.pages;
    if (more > 0) {
      const take = (): number => this.memory.acquireExecution(this.slot, more);
      if (onlyFree ? take() !== 0 : !this.withRoom(more, take, 0)) return false;
      this.pages += more;
    }
    this.bytes += bytes;
    if (this.bytes > this.peak) this.peak = this.bytes;
    return true;
  }

  release(bytes: number): void {
    this.bytes = Math.max(0, this.bytes - bytes);
    const fewer = this.pages - pagesOf(this.bytes);
    if (fewer <= 0) return;
    this.memory.releaseExecution(this.slot, fewer);
    this.pages -= fewer;
  }

  /**
   * Takes pages, after asking the main thread for room when that would help. `take` says how many are missing; `group` is the hash of the group of cached blocks that the room is for, whose own blocks stay.
   */
  withRoom(pages: number, take: () => number, group: number): boolean {
    const missing = take();
    if (missing === 0) return true;
    const refusedAt = this.refusedAt.get(group) ?? Number.NEGATIVE_INFINITY;
    if (missing === Infinity || performance.now() - refusedAt < PATIENCE_MS) return false;
    this.memory.requestRoom(this.slot, pages, group, ROOM_TIMEOUT_MS);
    if (take() === 0) return true;
    this.refusedAt.set(group, performance.now());
    return false;
  }
}
