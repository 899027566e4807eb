import { FetchFailedException, type EventBus, type SparkConf } from "../../common/index.js";
import { Engine, type Passes, type PassRequest, type Scheduler } from "../../exec/index.js";
import { memoryBudget, type StorageLevel } from "../../storage/index.js";
import { Analyzer } from "../analyzer/index.js";
import type { LogicalPlan } from "../plan/index.js";
import { optimize } from "../optimizer/index.js";
import { ExecutionContext, KeptOutputs, planPhysical, type Distributed, type PhysicalPlan } from "../physical/index.js";
import { CachedPlans } from "./cached-plans.js";

/** How often an action is started again because cached rows were lost while it read them. */
const MOST_RESTARTS = 3;

export interface RunOptions {
  /** Cancels the action. */
  readonly signal?: AbortSignal;
  /** Where outputs of stages stay that the rows are read from; the caller releases them. By default they go with the job. */
  readonly kept?: KeptOutputs;
}

/** What stands behind a session: the engine, the analyzer, and the registry of cached plans. */
export class SessionState {
  readonly engine: Engine;
  private analyzerOf: { readonly key: string; readonly analyzer: Analyzer } | undefined;
  /** Plans whose rows are kept. */
  readonly cached: CachedPlans;

  constructor(
    readonly conf: SparkConf,
    engine?: Engine,
  ) {
    this.engine = engine ?? new Engine(conf);
    this.cached = new CachedPlans(this.engine, (analyzed) => this.physical(optimize(analyzed, this.conf)));
  }

  get events(): EventBus {
    return this.engine.events;
  }
  /** Tasks that run at the same time. */
  get threads(): number {
    return this.engine.parallelism;
  }
  get scheduler(): Scheduler {
    return this.engine.scheduler;
  }

  /** The analyzer for the present settings; settings that change meaning start a new one. */
  get analyzer(): Analyzer {
    const settings = {
      caseSensitive: this.conf.value("caseSensitive"),
      ansi: this.conf.value("ansi"),
      timeZone: this.conf.value("timeZone"),
    };
    const key = JSON.stringify(settings);
    if (this.analyzerOf?.key !== key) this.analyzerOf = { key, analyzer: new Analyzer(settings) };
    return this.analyzerOf.analyzer;
  }

  /** Waits until `cache()` calls made so far have taken effect. */
  settled(): Promise<void> {
    return this.cached.settled();
  }

  optimized(analyzed: LogicalPlan): LogicalPlan {
    return optimize(this.cached.use(analyzed), this.conf);
  }

  physical(optimized: LogicalPlan): PhysicalPlan {
    return planPhysical(optimized, this.conf);
  }

  /** Runs a plan as one job; `body` consumes its partitions. */
  async run<T>(
    description: string,
    analyzed: LogicalPlan,
    options: RunOptions,
    body: (rows: Distributed, context: ExecutionContext) => Promise<T>,
  ): Promise<T> {
    this.assertRunning();
    await this.settled();
    for (let restart = 0; ; restart++) {
      const physical = this.physical(this.optimized(analyzed));
      try {
        return await this.job(description, options, async (context) => body(await physical.execute(context), context));
      } catch (error) {
        // Unpersisted, or lost with an executor, in the middle: another try computes what is missing.
        if (restart >= MOST_RESTARTS || !isCachedRowsLost(error)) throw error;
      }
    }
  }

  /** Runs a job of any stages. */
  job<T>(description: string, options: RunOptions, body: (context: ExecutionContext) => Promise<T>): Promise<T> {
    this.assertRunning();
    return this.scheduler.runJob({ description, ...options }, async (job) => {
      const settings = {
        timeZone: this.conf.value("timeZone"),
        ansi: this.conf.value("ansi"),
        codegen: this.conf.value("codegen"),
        now: BigInt(Date.now()) * 1000n,
      };
      const kept = options.kept ?? new KeptOutputs();
      const { total } = memoryBudget(this.conf);
      const context = new ExecutionContext(job, this.scheduler, settings, this.conf, this.threads, kept, total);
      try {
        const result = await body(context);
        for (const done of context.succeeded) done();
        return result;
      } finally {
        if (!options.kept) kept.release();
      }
    });
  }

  /** Keeps the rows of a plan from the first action on. */
  mark(written: LogicalPlan, plan: Promise<LogicalPlan>, level: StorageLevel): void {
    this.assertRunning();
    this.cached.mark(written, plan, level);
  }

  /** Frees what is cached for a plan. */
  unmark(plan: Promise<LogicalPlan>): Promise<void> {
    return this.cached.unmark(plan);
  }

  clearCache(): void {
    this.cached.clear();
  }

  openPasses<C>(request: PassRequest<C>): Passes {
    return this.engine.openPasses(request);
  }

  assertRunning(): void {
    this.engine.assertRunning();
  }

  async stop(): Promise<void> {
    this.clearCache();
    await this.engine.stop();
  }
}

const isCachedRowsLost = (error: unknown): boolean =>
  error instanceof FetchFailedException && (error.messageParameters.path ?? "").startsWith("plan_");
