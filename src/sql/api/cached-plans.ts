import { parseMaster } from "../../common/index.js";
import type { Engine } from "../../exec/index.js";
import { StorageLevel } from "../../storage/index.js";
import { canonicalKey, outputOf, transformPlanDown, type LogicalPlan } from "../plan/index.js";
import { CacheEntry, CheckpointEntry, type PhysicalPlan } from "../physical/index.js";

/** The plans of a session whose rows are kept: cached ones, found by what they mean, and those behind checkpoints. */
export class CachedPlans {
  private readonly entries = new Map<number, CacheEntry>();
  private nextId = 0;
  private marking: Promise<void> = Promise.resolve();
  /** A plan that was marked can no longer be named: its rows go. */
  private readonly forgotten = new FinalizationRegistry<{ key: number; id: number }>(({ key, id }) =>
    this.unmarkedBy(key, id),
  );
  /** By id of an entry: how many plans that were marked for it can still be named. */
  private readonly marks = new Map<number, number>();
  /** Rows behind a checkpoint that nobody reads any more. */
  private readonly unreachable: FinalizationRegistry<string>;

  constructor(
    private readonly engine: Engine,
    /** The physical form of an analyzed plan. */
    private readonly plan: (analyzed: LogicalPlan) => PhysicalPlan,
  ) {
    this.unreachable = new FinalizationRegistry((group) => engine.blocks.removeGroup(group));
  }

  /** Replaces cached subplans by scans of what is cached. */
  use(plan: LogicalPlan, except?: number): LogicalPlan {
    if (this.entries.size === 0) return plan;
    return transformPlanDown(plan, (node) => {
      if (node.kind === "cached") return node;
      const key = canonicalKey(node);
      const data = key === except ? undefined : this.entries.get(key);
      return data ? scanOf(node, data) : node;
    });
  }

  /** Waits until calls of `cache()` made so far have taken effect. */
  settled(): Promise<void> {
    return this.marking;
  }

  /** Marks a plan as cached once it is analyzed; one that does not resolve reports that at its own first action. */
  mark(written: LogicalPlan, plan: Promise<LogicalPlan>, level: StorageLevel): void {
    if (!level.isValid) return;
    const handle = new WeakRef(written);
    const analyzed = plan.catch(() => undefined);
    this.marking = this.marking.then(async () => {
      const resolved = await analyzed;
      if (!resolved) return;
      const key = canonicalKey(resolved);
      // A copy of the root: what is written must not be held by what is kept for it.
      const entry = this.entries.get(key) ?? this.entry({ ...resolved }, level, key);
      this.entries.set(key, entry);
      const named = handle.deref();
      if (!named) return;
      const { id } = entry;
      this.marks.set(id, (this.marks.get(id) ?? 0) + 1);
      this.forgotten.register(named, { key, id });
    });
  }

  /** Frees what is cached for a plan. */
  async unmark(plan: Promise<LogicalPlan>): Promise<void> {
    await this.marking;
    this.drop(canonicalKey(await plan));
  }

  async levelOf(plan: Promise<LogicalPlan>): Promise<StorageLevel> {
    await this.marking;
    return this.entries.get(canonicalKey(await plan))?.level ?? StorageLevel.NONE;
  }

  clear(): void {
    for (const key of [...this.entries.keys()]) this.drop(key);
  }

  /** A plan that reads what `analyzed` gives from storage, behind which nothing of `analyzed` is left once it was filled. */
  localCheckpoint(analyzed: LogicalPlan, level: StorageLevel): { plan: LogicalPlan; entry: CacheEntry } {
    const entry = this.entry(analyzed, level, undefined);
    this.unreachable.register(entry, entry.group);
    return { plan: scanOf(analyzed, entry), entry };
  }

  /** The same for files that survive this program: `<directory>/rdd-<id>/part-00000` and so on. */
  checkpoint(analyzed: LogicalPlan, directory: string): { plan: LogicalPlan; entry: CheckpointEntry } {
    const id = this.nextId++;
    const entry = new CheckpointEntry(id, outputOf(analyzed).length, `${directory}/rdd-${id}`, () =>
      this.plan(this.use(analyzed)),
    );
    return { plan: scanOf(analyzed, entry), entry };
  }

  private entry(analyzed: LogicalPlan, level: StorageLevel, key: number | undefined): CacheEntry {
    const { engine } = this;
    const id = this.nextId++;
    const checkpoint = key === undefined;
    const alone = parseMaster(engine.conf.value("master")).kind === "local";
    return new CacheEntry(id, outputOf(analyzed).length, {
      level,
      checkpoint,
      store: engine.blocks,
      plan: () => this.plan(this.use(analyzed, key)),
      keepLineage: !checkpoint && (!level.useDisk || !alone),
      onFilled: ({ group }, bytes) => {
        const partitions = engine.blocks.storageInfo().find((info) => info.group === group)?.cachedPartitions ?? 0;
        engine.events.emit({ type: "blockCached", planId: id, partitions, bytes });
      },
    });
  }

  private drop(key: number): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.marks.delete(entry.id);
    entry.drop();
    this.engine.events.emit({ type: "blockEvicted", planId: entry.id });
  }

  private unmarkedBy(key: number, id: number): void {
    const left = (this.marks.get(id) ?? 0) - 1;
    if (left > 0) this.marks.set(id, left);
    else if (left === 0 && this.entries.get(key)?.id === id) this.drop(key);
  }
}

function scanOf(node: LogicalPlan, data: CacheEntry | CheckpointEntry): LogicalPlan {
  const output = outputOf(node);
  return { kind: "cached", output, data, ordinals: output.map((_, i) => i), planId: node.planId };
}
