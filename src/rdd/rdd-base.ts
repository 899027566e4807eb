import { SparkUnsupportedOperationException, SparkException } from "../common/index.js";
import type { Dependency } from "./dependency.js";
import { oneToOne } from "./dependency.js";
import { runAction, type ActionOptions } from "./jobs/run-action.js";
import { debugString } from "./debug-string.js";
import type { Partitioner } from "./partitioner.js";
import type { RDD } from "./rdd.js";
import type { RddDefinition, RddPlan } from "./rdd-definition.js";
import { StorageLevel } from "../storage/index.js";
import type { SparkContext } from "./spark-context.js";

/** Identity, lineage and storage of an RDD: what all its methods stand on. */
export abstract class RddBase<T> {
  declare protected readonly element: T;
  private readonly rddId: number;
  private rddName: string | undefined;
  private planned: Promise<RddPlan> | undefined;
  /** The plan once it was made; jobs read it. Not part of Spark's API. */
  plan: RddPlan | undefined;
  /** Not part of Spark's API: change it through persist and unpersist. */
  level: StorageLevel = StorageLevel.NONE;
  /** Not part of Spark's API: what a checkpoint is to do, or has done. */
  checkpointing: { readonly kind: "reliable" | "local"; done: boolean; directory?: string } | undefined;

  constructor(
    /** The context that made it. */
    readonly context: SparkContext,
    /** Not part of Spark's API. */
    readonly definition: RddDefinition,
  ) {
    this.rddId = context.nextRddId();
    this.rddName = definition.name;
  }

  protected get self(): RDD<T> {
    return this as unknown as RDD<T>;
  }

  /** A number that is unique among the context's RDDs. */
  id(): number {
    return this.rddId;
  }
  name(): string | undefined {
    return this.rddName;
  }
  /** Gives the RDD a name for `toDebugString` and the storage information. */
  setName(name: string): RDD<T> {
    this.rddName = name;
    return this.self;
  }

  async getNumPartitions(): Promise<number> {
    return (await this.resolved()).splits.length;
  }
  /** The RDDs it is computed from, and how. */
  async dependencies(): Promise<readonly Dependency[]> {
    return (await this.resolved()).dependencies;
  }
  /** How its keys were partitioned; undefined when that is not known. */
  async partitioner(): Promise<Partitioner | undefined> {
    return (await this.resolved()).partitioner;
  }
  /** The lineage as Spark prints it: one line an RDD, indented at shuffles. */
  toDebugString(): Promise<string> {
    return debugString(this.self);
  }
  toString(): string {
    const name = this.rddName === undefined ? "" : `${this.rddName} `;
    return `${name}${this.plan?.className ?? this.definition.className}[${this.rddId}]`;
  }

  /** Partitions and lineage, planned when first asked for. Not part of Spark's API. */
  resolved(): Promise<RddPlan> {
    this.planned ??= Promise.resolve(this.definition.plan()).then((plan) => (this.plan = plan));
    return this.planned;
  }
  /** Cuts the lineage: from now on the RDD is read from another that holds its elements. Not part of Spark's API. */
  async readFrom(stored: RDD<T>): Promise<void> {
    const { splits, partitioner } = await stored.resolved();
    const plan: RddPlan = {
      operator: "rdd.union",
      dependencies: [oneToOne(stored)],
      splits: splits.map(() => undefined),
      partitioner,
    };
    this.plan = plan;
    this.planned = Promise.resolve(plan);
  }
  /** Declares an RDD that is computed from this one. Not part of Spark's API. */
  derive<U>(definition: RddDefinition): RDD<U> {
    return this.context.rdd<U>(definition);
  }
  /** Declares an RDD each of whose partitions is computed from the same one of this. Not part of Spark's API. */
  narrow<U>(
    operator: string,
    params: unknown,
    { className = "MapPartitionsRDD", preservesPartitioning = false } = {},
  ): RDD<U> {
    return this.derive<U>({
      className,
      operator,
      params,
      plan: async () => {
        const { splits, partitioner } = await this.resolved();
        return {
          dependencies: [oneToOne(this.self)],
          splits: splits.map(() => undefined),
          ...(preservesPartitioning ? { partitioner } : {}),
        };
      },
    });
  }
  /** Runs a registered action on the partitions. Not part of Spark's API. */
  runAction<R>(action: string, params?: unknown, options?: ActionOptions<R>): Promise<R[]> {
    return runAction<R>(this.self, action, params, options);
  }

  /** Keeps the partitions in memory once they are computed. */
  cache(): RDD<T> {
    return this.persist();
  }
  /** Keeps the partitions at the level once they are computed; the level cannot be changed before `unpersist`. */
  persist(level: StorageLevel = StorageLevel.MEMORY_ONLY): RDD<T> {
    return this.changeLevel(level, this.checkpointing?.kind === "local");
  }
  private changeLevel(level: StorageLevel, allowOverride: boolean): RDD<T> {
    if (!this.level.equals(StorageLevel.NONE) && !this.level.equals(level) && !allowOverride) {
      throw new SparkUnsupportedOperationException(
        "Cannot change storage level of an RDD after it was already assigned a level; call unpersist() first.",
        { condition: "_LEGACY_ERROR_TEMP_3012" },
      );
    }
    if (this.level.equals(StorageLevel.NONE)) this.context.persisted(this.self);
    this.level = level;
    return this.self;
  }
  /** Frees what is kept. */
  unpersist(blocking = false): RDD<T> {
    this.level = StorageLevel.NONE;
    this.context.unpersisted(this.rddId, blocking);
    return this.self;
  }
  getStorageLevel(): StorageLevel {
    return this.level;
  }
  get is_cached(): boolean {
    return !this.level.equals(StorageLevel.NONE);
  }

  /** Marks the RDD to be written to the checkpoint directory by the first job that runs on it; its lineage is cut then. */
  checkpoint(): void {
    if (this.context.getCheckpointDir() === undefined) {
      throw new SparkException(
        "Checkpoint directory has not been set in the SparkContext; call sc.setCheckpointDir(directory) first.",
        { condition: "CHECKPOINT_DIRECTORY_NOT_SET" },
      );
    }
    this.checkpointing ??= { kind: "reliable", done: false };
  }
  /** Marks the RDD to be kept in the executors by the first job that runs on it; its lineage is cut then. */
  localCheckpoint(): RDD<T> {
    const { useMemory, useOffHeap, deserialized, replication } = this.is_cached
      ? this.level
      : StorageLevel.MEMORY_AND_DISK;
    this.changeLevel(new StorageLevel(true, useMemory, useOffHeap, deserialized, replication), true);
    if (!this.checkpointing?.done) this.checkpointing = { kind: "local", done: false };
    return this.self;
  }
  isCheckpointed(): boolean {
    return this.checkpointing?.done === true;
  }
  isLocallyCheckpointed(): boolean {
    return this.checkpointing?.kind === "local";
  }
  /** Directory with the files of a reliable checkpoint. */
  getCheckpointFile(): string | undefined {
    return this.checkpointing?.done ? this.checkpointing.directory : undefined;
  }
}
