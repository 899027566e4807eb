/**
 * The budget that execution and storage share in one process, kept in shared memory so that every thread can take from it.
 * Amounts are pages of 4 KiB.
 *
 *   Int32   0 lock       0 free, else 1 + the slot whose thread has it, or MAIN
 *           1 total      pages there are
 *           2 floor      storage that execution cannot push out
 *           3 storage    pages of stored blocks that outlived their task
 *           4 movable    part of `storage` that could be moved out: cached blocks
 *           5 bell       rung by a thread that needs room; the main thread listens
 *           6 epoch      raised when much was given back: threads collect their garbage before their next task
 *           7 peak       largest number of pages in use so far
 *           8 garbage    1 when a block had no room although nothing can be moved out: there may be some that nobody holds
 *   from 16, 16 Int32 a slot (a running task has one to itself):
 *           0 busy       1 while a task runs in it
 *           1 execution  pages its task holds
 *           2 storing    pages of blocks its task has stored; the main thread takes them over when the task is done
 *           3 wanted     pages it waits for
 *           4 for        what it wants them for: hash of a group of cached blocks, 0 for anything else
 *           5 answered   raised when its wish was seen to
 *
 * What is in use is the sum over storage and slots, changed one word at a time under the lock: a thread that dies at any
 * point leaves either its old or its new amount, and {@link UnifiedMemory.reclaim} gives back exactly that.
 */
export const PAGE_BYTES = 4096;
const SLOTS = 256;
const STEAL_MS = 1_000;
/** Owner of the lock on the main thread. */
const MAIN = 65_535;
const FIRST_SLOT = 16;
const SLOT_WORDS = 16;

const LOCK = 0;
const TOTAL = 1;
const FLOOR = 2;
const STORAGE = 3;
const MOVABLE = 4;
const BELL = 5;
const EPOCH = 6;
const PEAK = 7;
const GARBAGE = 8;

const BUSY = 0;
const EXECUTION = 1;
const STORING = 2;
const WANTED = 3;
const FOR = 4;
const ANSWERED = 5;

export const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES);

/** What is in use now, in bytes. */
export interface MemoryUse {
  readonly total: number;
  readonly floor: number;
  readonly storage: number;
  readonly execution: number;
  /** Largest sum so far. */
  readonly peak: number;
}

export class UnifiedMemory {
  private readonly words: Int32Array;
  private readonly owner: number;

  /** Attaches to a budget made by {@link UnifiedMemory.allocate}: for the task in a slot, or, without one, on the main thread. */
  constructor(
    readonly buffer: SharedArrayBuffer,
    slot?: number,
  ) {
    if (slot !== undefined && slot >= SLOTS) throw new RangeError(`more than ${SLOTS} tasks share one memory budget`);
    this.words = new Int32Array(buffer);
    this.owner = slot === undefined ? MAIN : slot + 1;
  }

  /** A budget of `total` bytes of which storage keeps `floor` bytes whatever execution wants. */
  static allocate(total: number, floor: number): SharedArrayBuffer {
    const buffer = new SharedArrayBuffer(4 * (FIRST_SLOT + SLOTS * SLOT_WORDS));
    const words = new Int32Array(buffer);
    words[TOTAL] = Math.min(0x7fffffff, Math.floor(total / PAGE_BYTES));
    words[FLOOR] = Math.min(words[TOTAL], pagesOf(floor));
    return buffer;
  }

  /** Gives back all that the task of a slot held whose thread is gone; returns the pages. Called on the main thread. */
  reclaim(slot: number): number {
    // It may have died while it had the lock: nobody else would ever open it.
    if (Atomics.compareExchange(this.words, LOCK, slot + 1, 0) === slot + 1) Atomics.notify(this.words, LOCK);
    return this.locked(() => {
      const pages = this.words[this.at(slot, EXECUTION)] + this.words[this.at(slot, STORING)];
      this.words.fill(0, this.at(slot, 0), this.at(slot + 1, 0));
      return pages;
    });
  }

  /** Marks whether a task runs in the slot: memory is shared among those that do. */
  setBusy(slot: number, busy: boolean): void {
    Atomics.store(this.words, this.at(slot, BUSY), busy ? 1 : 0);
  }

  /**
   * Takes pages for a task. As in Spark a task may hold 1/N of what storage does not keep, N tasks running.
   * Returns how many pages storage would have to move out first: 0 when they were taken, Infinity when that would not help.
   */
  acquireExecution(slot: number, pages: number): number {
    return this.locked(() => {
      const { words } = this;
      const held = words[this.at(slot, EXECUTION)];
      const kept = Math.min(words[STORAGE], Math.max(words[FLOOR], words[STORAGE] - words[MOVABLE]));
      const share = Math.floor((words[TOTAL] - kept) / Math.max(1, this.busy()));
      if (held + pages > share) return Infinity;
      const missing = this.used() + pages - words[TOTAL];
      if (missing <= 0) {
        Atomics.add(words, this.at(slot, EXECUTION), pages);
        this.notePeak();
        return 0;
      }
      return missing <= words[STORAGE] - kept ? missing : Infinity;
    });
  }

  releaseExecution(slot: number, pages: number): void {
    this.locked(() => {
      const at = this.at(slot, EXECUTION);
      Atomics.sub(this.words, at, Math.min(pages, this.words[at]));
    });
  }

  /**
   * Takes pages for a block that the slot's task stores, whatever execution leaves free. `limit` bounds what blocks that
   * cannot be moved out may take together. Returns as {@link acquireExecution}.
   */
  acquireStorage(slot: number, pages: number, limit = Infinity): number {
    return this.locked(() => {
      const { words } = this;
      if (limit !== Infinity && words[STORAGE] - words[MOVABLE] + this.storing() + pages > limit) return Infinity;
      const missing = this.used() + pages - words[TOTAL];
      if (missing <= 0) {
        Atomics.add(words, this.at(slot, STORING), pages);
        this.notePeak();
        return 0;
      }
      return missing <= words[MOVABLE] ? missing : Infinity;
    });
  }

  /** Gives back pages of blocks that the slot's task stored and does not keep. */
  releaseStoring(slot: number, pages: number): void {
    this.locked(() => {
      const at = this.at(slot, STORING);
      Atomics.sub(this.words, at, Math.min(pages, this.words[at]));
    });
  }

  /** Takes over pages that a finished task stored; returns how many there were (fewer when its thread died meanwhile). */
  adopt(slot: number, pages: number): number {
    return this.locked(() => {
      const at = this.at(slot, STORING);
      const taken = Math.min(pages, this.words[at]);
      Atomics.add(this.words, STORAGE, taken);
      Atomics.sub(this.words, at, taken);
      return taken;
    });
  }

  /** Takes pages for a block that the main thread itself stores; false when there is no room. */
  takeStorage(pages: number): boolean {
    return this.locked(() => {
      if (this.used() + pages > this.words[TOTAL]) return false;
      Atomics.add(this.words, STORAGE, pages);
      this.notePeak();
      return true;
    });
  }

  releaseStorage(pages: number): void {
    this.locked(() => {
      Atomics.sub(this.words, STORAGE, Math.min(pages, this.words[STORAGE]));
    });
  }

  /** Stored pages became cached blocks (positive) or cease to be (negative). */
  addMovable(pages: number): void {
    this.locked(() => {
      Atomics.add(this.words, MOVABLE, pages);
    });
  }

  /** Asks the main thread to move blocks out and waits until it has tried; false when it did not answer in time. */
  requestRoom(slot: number, pages: number, group: number, timeoutMs: number): boolean {
    const answered = this.at(slot, ANSWERED);
    const before = Atomics.load(this.words, answered);
    Atomics.store(this.words, this.at(slot, FOR), group);
    Atomics.store(this.words, this.at(slot, WANTED), pages);
    Atomics.add(this.words, BELL, 1);
    Atomics.notify(this.words, BELL);
    const outcome = Atomics.wait(this.words, answered, before, timeoutMs);
    Atomics.store(this.words, this.at(slot, WANTED), 0);
    return outcome !== "timed-out";
  }

  /** Slots that wait for room, and for how many pages. Read `bell()` first, or a later wish may be missed. */
  wishes(): { slot: number; pages: number; group: number }[] {
    const found = [];
    for (let slot = 0; slot < SLOTS; slot++) {
      const pages = Atomics.load(this.words, this.at(slot, WANTED));
      if (pages > 0) found.push({ slot, pages, group: Atomics.load(this.words, this.at(slot, FOR)) });
    }
    return found;
  }
  answer(slot: number): void {
    Atomics.store(this.words, this.at(slot, WANTED), 0);
    Atomics.add(this.words, this.at(slot, ANSWERED), 1);
    Atomics.notify(this.words, this.at(slot, ANSWERED));
  }
  bell(): number {
    return Atomics.load(this.words, BELL);
  }
  /** Resolves once the bell was rung after it read `seen`. */
  async rung(seen: number): Promise<void> {
    const wait = Atomics.waitAsync(this.words, BELL, seen);
    if (wait.async) await wait.value;
  }
  /** Rings the bell for nobody: whoever listens looks again. */
  ring(): void {
    Atomics.add(this.words, BELL, 1);
    Atomics.notify(this.words, BELL);
  }

  /** Tells the main thread, without waiting for it, that collecting its garbage may make room. */
  suspectGarbage(): void {
    if (Atomics.exchange(this.words, GARBAGE, 1) === 0) this.ring();
  }
  /** Whether somebody did. */
  takeSuspicion(): boolean {
    return Atomics.exchange(this.words, GARBAGE, 0) === 1;
  }

  /** Number of times threads were asked to collect their garbage. */
  get epoch(): number {
    return Atomics.load(this.words, EPOCH);
  }
  raiseEpoch(): void {
    Atomics.add(this.words, EPOCH, 1);
  }

  /** Pages that are free. */
  get free(): number {
    return this.locked(() => this.words[TOTAL] - this.used());
  }
  get totalPages(): number {
    return this.words[TOTAL];
  }

  use(): MemoryUse {
    return this.locked(() => {
      const { words } = this;
      let execution = 0;
      for (let slot = 0; slot < SLOTS; slot++) execution += words[this.at(slot, EXECUTION)];
      return {
        total: words[TOTAL] * PAGE_BYTES,
        floor: words[FLOOR] * PAGE_BYTES,
        storage: (words[STORAGE] + this.storing()) * PAGE_BYTES,
        execution: execution * PAGE_BYTES,
        peak: words[PEAK] * PAGE_BYTES,
      };
    });
  }

  private at(slot: number, word: number): number {
    return FIRST_SLOT + slot * SLOT_WORDS + word;
  }
  private used(): number {
    let pages = this.words[STORAGE];
    for (let slot = 0; slot < SLOTS; slot++) {
      pages += this.words[this.at(slot, EXECUTION)] + this.words[this.at(slot, STORING)];
    }
    return pages;
  }
  private storing(): number {
    let pages = 0;
    for (let slot = 0; slot < SLOTS; slot++) pages += this.words[this.at(slot, STORING)];
    return pages;
  }
  private busy(): number {
    let slots = 0;
    for (let slot = 0; slot < SLOTS; slot++) slots += this.words[this.at(slot, BUSY)];
    return slots;
  }
  private notePeak(): void {
    const used = this.used();
    if (used > this.words[PEAK]) this.words[PEAK] = used;
  }

  /**
   * The sections are a few microseconds long. A contender that finds the lock in the same hands for a second takes it: its
   * owner died, and the main thread, which would notice, may be the one that waits. Amounts are changed by atomic additions,
   * so that even an owner that was only asleep loses none.
   */
  private locked<T>(body: () => T): T {
    const { words, owner } = this;
    let since = 0;
    let seen = 0;
    for (;;) {
      const holder = Atomics.compareExchange(words, LOCK, 0, owner);
      if (holder === 0) break;
      const now = performance.now();
      if (holder !== seen) {
        seen = holder;
        since = now;
      } else if (now - since > STEAL_MS && Atomics.compareExchange(words, LOCK, holder, owner) === holder) break;
      Atomics.wait(words, LOCK, holder, 1);
    }
    try {
      return body();
    } finally {
      if (Atomics.compareExchange(words, LOCK, owner, 0) === owner) Atomics.notify(words, LOCK, 1);
    }
  }
}
