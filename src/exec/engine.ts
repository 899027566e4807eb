import { EventBus, localThreads, type SparkConf, SparkException } from "../common/index.js";
import { ExecutorPool } from "./executor-pool.js";
import { PassPool } from "./pass-pool.js";
import type { Passes, PassRequest } from "./pass.js";
import { Scheduler } from "./scheduler.js";

/** What runs jobs: executors, scheduler, passes, stored blocks. A SparkContext and its sessions stand on one engine. */
export class Engine {
  readonly events = new EventBus();
  /** Tasks that run at the same time. */
  readonly parallelism: number;
  readonly scheduler: Scheduler;
  private readonly pool: ExecutorPool;
  private readonly passes: PassPool;
  private stopped = false;

  constructor(readonly conf: SparkConf) {
    this.parallelism = localThreads(conf.value("master"));
    this.pool = new ExecutorPool(this.parallelism);
    this.passes = new PassPool(this.parallelism);
    // A local master does not retry, as in Spark (`local[N]` has maxFailures 1).
    this.scheduler = new Scheduler(this.pool, this.events, 1);
  }

  openPasses<C>(request: PassRequest<C>): Passes {
    this.assertRunning();
    return this.passes.openPasses(request);
  }

  assertRunning(): void {
    if (!this.stopped) return;
    throw new SparkException(
      "Cannot call methods on a stopped SparkSession; make a new one with SparkSession.builder.",
      { condition: "SESSION_STOPPED" },
    );
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.scheduler.cancelAll(new SparkException("The session was stopped."));
    await this.passes.stop();
    await this.pool.stop();
  }
}
