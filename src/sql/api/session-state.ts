import type { EventBus, SparkConf } from "../../common/index.js";
import { Engine, type Passes, type PassRequest, type Scheduler } from "../../exec/index.js";
import { blockBytes } from "../../memory/index.js";
import { Analyzer } from "../analyzer/index.js";
import { canonicalKey, outputOf, transformPlanDown, type LogicalPlan } from "../plan/index.js";
import { optimize } from "../optimizer/index.js";
import { CacheEntry, ExecutionContext, planPhysical, type Distributed, type PhysicalPlan } from "../physical/index.js";

export interface RunOptions {
  /** Cancels the action. */
  readonly signal?: AbortSignal;
}

/** What stands behind a session: the engine, the analyzer, and the registry of cached plans. */
export class SessionState {
  readonly engine: Engine;
  private analyzerOf: { readonly key: string; readonly analyzer: Analyzer } | undefined;
  private readonly cached = new Map<number, CacheEntry>();
  private nextCacheId = 0;
  private marking: Promise<void> = Promise.resolve();

  constructor(
    readonly conf: SparkConf,
    engine?: Engine,
  ) {
    this.engine = engine ?? new Engine(conf);
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

  /** Replaces cached subplans by scans of what is cached. */
  withCachedData(plan: LogicalPlan): LogicalPlan {
    if (this.cached.size === 0) return plan;
    return transformPlanDown(plan, (node) => {
      const data = node.kind === "cached" ? undefined : this.cached.get(canonicalKey(node));
      if (!data) return node;
      const output = outputOf(node);
      return { kind: "cached", output, data, ordinals: output.map((_, i) => i), planId: node.planId };
    });
  }

  /** Waits until `cache()` calls made so far have taken effect. */
  settled(): Promise<void> {
    return this.marking;
  }

  optimized(analyzed: LogicalPlan): LogicalPlan {
    return optimize(this.withCachedData(analyzed), this.conf);
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
    await this.marking;
    const physical = this.physical(this.optimized(analyzed));
    return this.job(description, options, async (context) => body(await physical.execute(context), context));
  }

  /** Runs a job of any stages. */
  job<T>(description: string, options: RunOptions, body: (context: ExecutionContext) => Promise<T>): Promise<T> {
    this.assertRunning();
    return this.scheduler.runJob({ description, ...options }, (job) => {
      const settings = {
        timeZone: this.conf.value("timeZone"),
        ansi: this.conf.value("ansi"),
        codegen: this.conf.value("codegen"),
        now: BigInt(Date.now()) * 1000n,
      };
      return body(new ExecutionContext(job, this.scheduler, settings, this.conf, this.threads));
    });
  }

  /** Marks a plan as cached once it is analyzed; a plan that does not resolve reports that at its own first action. */
  mark(plan: Promise<LogicalPlan>, storageLevel: string): void {
    const analyzed = plan.catch(() => undefined);
    this.marking = this.marking.then(async () => {
      const resolved = await analyzed;
      if (resolved) this.cache(resolved, storageLevel);
    });
  }

  /** Frees what is cached for a plan. */
  async unmark(plan: Promise<LogicalPlan>): Promise<void> {
    await this.marking;
    this.uncache(await plan);
  }

  /** Marks a plan as cached; the first action that needs it computes it. */
  private cache(analyzed: LogicalPlan, storageLevel: string): void {
    const key = canonicalKey(analyzed);
    if (this.cached.has(key)) return;
    const id = this.nextCacheId++;
    const entry = new CacheEntry(
      id,
      outputOf(analyzed).length,
      storageLevel,
      () => this.physical(optimize(this.withoutOwnCache(analyzed, key), this.conf)),
      (data) => {
        const blocks = data.partitions.flat();
        const bytes = blocks.reduce((n, { block }) => n + blockBytes(block), 0);
        this.events.emit({ type: "blockCached", planId: id, partitions: data.partitions.length, bytes });
      },
    );
    this.cached.set(key, entry);
  }

  /** The plan over whatever else is cached, but not over itself. */
  private withoutOwnCache(analyzed: LogicalPlan, key: number): LogicalPlan {
    const own = this.cached.get(key);
    this.cached.delete(key);
    try {
      return this.withCachedData(analyzed);
    } finally {
      if (own) this.cached.set(key, own);
    }
  }

  private uncache(analyzed: LogicalPlan): void {
    const key = canonicalKey(analyzed);
    const entry = this.cached.get(key);
    if (!entry) return;
    this.cached.delete(key);
    entry.drop();
    this.events.emit({ type: "blockEvicted", planId: entry.id });
  }

  storageLevelOf(analyzed: LogicalPlan): string | undefined {
    return this.cached.get(canonicalKey(analyzed))?.storageLevel;
  }

  clearCache(): void {
    for (const entry of this.cached.values()) {
      entry.drop();
      this.events.emit({ type: "blockEvicted", planId: entry.id });
    }
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
