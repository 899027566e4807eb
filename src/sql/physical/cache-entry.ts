import { FetchFailedException, SparkException } from "../../common/index.js";
import type { BlockStore } from "../../exec/index.js";
import type { StorageLevel } from "../../storage/index.js";
import { sourcesOf, type LazyFragment } from "./bind-fragment.js";
import { blocksFragment } from "./blocks-scan.js";
import { cachePartition } from "./cache-partition.js";
import { StoredPlan } from "./cached-scan.js";
import type { Distributed, ExecutionContext, PhysicalPlan } from "./execution.js";
import { defineOperator, openFragment, type Fragment } from "./fragment.js";
import { KeptOutputs } from "./kept-outputs.js";

/** A fragment that runs as some partition of its own plan, wherever its rows are needed: seeds and ids depend on that number. */
interface PartitionFragment extends Fragment {
  readonly op: "partition";
  readonly input: Fragment;
  readonly partition: number;
  readonly numPartitions: number;
}

defineOperator<PartitionFragment>({
  op: "partition",
  open: ({ input, partition, numPartitions }, context) =>
    openFragment(input, context.settings, { ...context, partitionId: partition, numPartitions }),
});

export interface CacheEntryOptions {
  readonly level: StorageLevel;
  readonly store: BlockStore;
  /** The plan whose rows are stored, over whatever else is cached. */
  readonly plan: () => PhysicalPlan;
  /** Keeps what is needed to compute single partitions again: shuffle output below the plan stays, as Spark's does. */
  readonly keepLineage: boolean;
  /** Stands for a plan that was cut off: what is lost stays lost. */
  readonly checkpoint: boolean;
  readonly onFilled: (entry: CacheEntry, bytes: number) => void;
}

/** Rows of one cached plan: computed by the first action that needs them, stored by level until they are given up. */
export class CacheEntry extends StoredPlan {
  readonly group: string;
  readonly checkpoint: boolean;
  readonly level: StorageLevel;
  bytes: number | undefined;
  private filling: Promise<void> | undefined;
  /** By partition: whether it was stored; false when it had no room. */
  private stored: boolean[] | undefined;
  private lineage: Distributed | undefined;
  private kept = new KeptOutputs();
  private plan: (() => PhysicalPlan) | undefined;
  private dropped = false;

  constructor(
    id: number,
    width: number,
    private readonly options: CacheEntryOptions,
  ) {
    super(id, width);
    this.group = `plan_${id}`;
    this.level = options.level;
    this.checkpoint = options.checkpoint;
    this.plan = options.plan;
  }

  get storageLevel(): string {
    return this.level.toString();
  }

  async partitions(context: ExecutionContext, ordinals: readonly number[]): Promise<Fragment[]> {
    await this.fill(context);
    return this.stored!.map((_, partition) => this.fragment(partition, ordinals));
  }

  /** Stores what is not there, once however many actions ask at the same time. */
  async fill(context: ExecutionContext): Promise<void> {
    while (this.filling) {
      try {
        await this.filling;
      } catch {
        // That was another action's failure or cancellation: this one computes the rows itself and reports its own.
        context.job.signal.throwIfAborted();
      }
    }
    if (this.missing()?.length === 0) return;
    const own = this.compute(context);
    this.filling = own;
    try {
      await own;
    } finally {
      this.filling = undefined;
    }
  }

  /** Gives up the rows and what is needed to compute them. */
  drop(): void {
    this.dropped = true;
    this.options.store.removeGroup(this.group);
    this.forgetLineage();
  }

  /** Partitions that should be there and are not; undefined before the first filling. */
  private missing(): number[] | undefined {
    return this.stored?.flatMap((stored, p) => (stored && !this.options.store.has(this.blockId(p)) ? [p] : []));
  }

  private async compute(context: ExecutionContext): Promise<void> {
    const { store, level, keepLineage, onFilled } = this.options;
    let wanted = this.missing();
    if (!this.lineage) {
      if (!this.plan) throw this.lost(wanted?.[0] ?? 0);
      // Without lineage a lost partition cannot be told from the others: everything is computed again.
      store.removeGroup(this.group);
      wanted = undefined;
      this.kept = new KeptOutputs();
      this.lineage = await this.plan().execute(context.keeping(this.kept));
    }
    const { partitions } = this.lineage;
    const stored = this.stored && wanted ? this.stored : new Array<boolean>(partitions.length).fill(false);
    let bytes = 0;
    try {
      await context.runSome(
        "cache",
        partitions,
        cachePartition,
        { level, group: this.group },
        wanted ?? partitions.map((_, p) => p),
        (partition, blocks) => {
          stored[partition] = blocks !== undefined && store.put(this.blockId(partition), this.group, blocks, level);
        },
      );
    } catch (error) {
      if (!this.stored) this.reset();
      throw error;
    }
    this.stored = stored;
    for (const { group, memoryBytes, diskBytes } of store.storageInfo())
      if (group === this.group) bytes = memoryBytes + diskBytes;
    this.bytes = bytes;
    if (this.checkpoint) this.plan = undefined;
    if (!keepLineage && stored.every(Boolean)) this.forgetLineage();
    // Given up while it was being filled: this action still reads it, by its lineage.
    if (this.dropped) store.removeGroup(this.group);
    else onFilled(this, bytes);
  }

  private fragment(partition: number, ordinals: readonly number[]): Fragment {
    const lineage = this.lineage?.partitions;
    const fragment: LazyFragment = {
      op: "cached",
      sources: lineage ? sourcesOf([lineage[partition]]) : [],
      locations: () => this.options.store.locations(this.blockId(partition)),
      bind: () => {
        const blocks = this.options.store.get(this.blockId(partition));
        if (blocks) return blocksFragment(blocks, ordinals);
        if (!lineage) throw this.lost(partition);
        const input: PartitionFragment = {
          op: "partition",
          input: lineage[partition],
          partition,
          numPartitions: lineage.length,
        };
        return { op: "select", input, ordinals } as Fragment;
      },
    };
    return fragment;
  }

  private blockId(partition: number): string {
    return `${this.group}_${partition}`;
  }

  private reset(): void {
    this.options.store.removeGroup(this.group);
    this.forgetLineage();
  }

  private forgetLineage(): void {
    this.lineage = undefined;
    this.kept.release();
  }

  /** A cached partition is computed again by another try of the action; one behind a checkpoint is gone. */
  private lost(partition: number): SparkException {
    const path = this.blockId(partition);
    if (this.checkpoint) {
      return new SparkException(
        `Checkpoint block ${path} not found! Either the executor that originally checkpointed this partition is no ` +
          `longer alive, or its file was deleted. If this problem persists, use checkpoint() instead, which is slower ` +
          `than localCheckpoint() but more fault-tolerant.`,
        { condition: "CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND", parameters: { rddBlockId: path } },
      );
    }
    return new FetchFailedException(`The cached partition ${path} is gone.`, {
      parameters: { path, stageId: "-1", partition: String(partition) },
    });
  }
}
