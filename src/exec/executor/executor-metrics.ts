/** What an executor process says about itself with every heartbeat. */
export interface ExecutorMetrics {
  /** Resident size of the process, in bytes. */
  readonly rss: number;
  readonly heapUsed: number;
  /** Attempts that it works on. */
  readonly running: readonly number[];
}
