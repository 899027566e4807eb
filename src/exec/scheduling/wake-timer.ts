const LONGEST = 2 ** 31 - 1;

/** Calls back at the time, on the clock of `performance.now()`, that was set last. */
export class WakeTimer {
  private timer: NodeJS.Timeout | undefined;
  private at = Infinity;
  private stopped = false;

  constructor(private readonly wake: () => void) {}

  /** `needed`: somebody waits for what happens then, so the program must not end before. */
  set(at: number, needed: boolean): void {
    if (this.stopped) return;
    if (at !== this.at) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.at = at;
      if (at === Infinity) return;
      const delay = Math.min(Math.max(at - performance.now(), 0) + 0.5, LONGEST);
      this.timer = setTimeout(() => {
        this.at = Infinity;
        this.wake();
      }, delay);
    }
    if (needed) this.timer?.ref();
    else this.timer?.unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
