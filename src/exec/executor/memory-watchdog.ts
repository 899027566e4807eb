const INTERVAL_MS = 50;
/** Samples that a stopped suspect gets until its memory must be back, before the next one is stopped. */
const PATIENCE = 6;

/** Something that runs in this process and could be stopped. */
export interface Suspect {
  stop(reason: string): void;
  /** Share of the time since it was last asked in which its thread did not wait, 0 to 1. */
  busy?(): number;
}

/** Weight of a task whose thread waited all the time: it may have allocated before. */
const IDLE = 0.02;

/**
 * Watches the resident size of this process while tasks run. V8's `resourceLimits` do not count typed arrays and
 * WebAssembly memories; a task that allocates those without end is stopped before the machine suffers.
 * Growth between two samples is shared among the tasks that ran meanwhile, by how busy their threads were, and the one with
 * the largest share goes first.
 */
export class MemoryWatchdog {
  private readonly growth = new Map<Suspect, number>();
  private timer: NodeJS.Timeout | undefined;
  private last = 0;
  private patience = 0;

  constructor(
    /** In bytes. */
    readonly limit: number,
    private readonly residentBytes: () => number = () => process.memoryUsage.rss(),
  ) {}

  watch(suspect: Suspect): void {
    this.growth.set(suspect, 0);
    if (this.timer) return;
    this.last = this.residentBytes();
    this.timer = setInterval(() => this.sample(), INTERVAL_MS);
    this.timer.unref();
  }

  unwatch(suspect: Suspect): void {
    this.growth.delete(suspect);
    if (this.growth.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private sample(): void {
    const now = this.residentBytes();
    const weights = new Map([...this.growth.keys()].map((suspect) => [suspect, IDLE + (suspect.busy?.() ?? 1)]));
    const perWeight = (now - this.last) / [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    this.last = now;
    let largest: Suspect | undefined;
    for (const [suspect, before] of this.growth) {
      const share = before + perWeight * weights.get(suspect)!;
      this.growth.set(suspect, share);
      if (!largest || share > this.growth.get(largest)!) largest = suspect;
    }
    if (now <= this.limit || !largest) this.patience = 0;
    else if (this.patience-- <= 0) {
      this.patience = PATIENCE;
      this.unwatch(largest);
      const used = `${Math.round(now / 2 ** 20)} MiB of ${Math.round(this.limit / 2 ** 20)} MiB`;
      largest.stop(`the process used ${used}, and memory had grown most while this task ran`);
    }
  }
}
