import { setImmediate as nextTurn } from "node:timers/promises";
import type { SparkConf } from "../common/index.js";
import {
  PAGE_BYTES,
  UnifiedMemory,
  type Block,
  type MemoryUse,
  type RemoteBlock,
  type StoredBlock,
} from "../memory/index.js";
import {
  localRoot,
  memoryBudget,
  newCheckpointDirectory,
  SpillDirectory,
  sweepStaleDirectories,
} from "../storage/index.js";
import { BlockHoldings } from "./block-holdings.js";
import { CachedBlocks, UNCOUNTED, type GroupStorage, type OtherExecutors } from "./cached-blocks.js";
import { collectGarbage } from "./collect-garbage.js";
import type { ExecutorHooks } from "./executor/local-executor.js";
import { openFilesBelow } from "./open-files.js";
import type { StorageFlags } from "./partition-function.js";
import type { SchedulerHooks } from "./scheduling/scheduler-hooks.js";
import type { StorageSettings } from "./task-storage.js";
import type { CachedPartition, MovableBlock, StoredReceipt } from "./task.js";

/** Bytes given back under pressure before threads are told to collect their garbage. */
const COLLECT_BYTES = 16 * 2 ** 20;

/** Least time between two collections on mere suspicion. */
const SUSPICION_MS = 1_000;

/** What should be nothing once all results were let go. */
export interface StorageLeaks {
  /** Bytes of the budget that tasks or blocks still take. */
  readonly bytes: number;
  readonly blocks: number;
  /** Files of the spill directory, and those of them that are open. */
  readonly files: readonly string[];
  readonly openFiles: readonly string[];
}

/**
 * The stored blocks of one process: results and shuffle output that its tasks left, and cached partitions. It accounts for
 * them in the memory budget, has cached blocks moved to files or dropped (by storage level, least recently used first) when
 * a task needs room, and deletes files. In the driver of a local cluster it only knows where blocks lie: their bytes are
 * their executors' business.
 */
export class BlockStore {
  /** Tells an executor process that nobody reads a block of it any more; the engine of a local cluster sets it. */
  onRemoteReleased: (remote: RemoteBlock["remote"]) => void = () => undefined;
  readonly memory: UnifiedMemory;
  readonly spill: SpillDirectory;
  /** Bytes that execution and storage share. */
  readonly budget: number;
  private readonly holdings: BlockHoldings;
  private readonly cached: CachedBlocks;
  private checkpoints: string | undefined;
  private collectedAt = 0;
  private suspectedAt = Number.NEGATIVE_INFINITY;
  private stopped = false;

  constructor(
    private readonly conf: SparkConf,
    readonly executor: string = "driver",
  ) {
    const { total, storageFloor } = memoryBudget(conf);
    this.memory = new UnifiedMemory(UnifiedMemory.allocate(total, storageFloor));
    this.budget = total;
    this.holdings = new BlockHoldings(this.memory, (remote) => this.onRemoteReleased(remote));
    const root = localRoot(conf);
    sweepStaleDirectories(root);
    this.spill = new SpillDirectory(root);
    this.cached = new CachedBlocks(executor, this.holdings, this.spill.path);
    void this.serveWishes();
  }

  /** The driver of a local cluster says who its executors are. */
  set others(others: OtherExecutors) {
    this.cached.others = others;
  }

  /** What its worker threads are started with. */
  workerSettings(): StorageSettings {
    // Spark compresses by default; here plain files are several times faster (docs/decisions/004-storage.md): only when asked.
    const asked = (key: string): boolean => this.conf.get(key)?.trim().toLowerCase() === "true";
    return {
      memory: this.memory.buffer,
      directory: this.spill.path,
      compression: {
        stored: asked("spark.shuffle.compress"),
        spilled: asked("spark.shuffle.spill.compress"),
        packed: this.conf.value("rddCompress"),
      },
    };
  }

  /** What the executor of this process needs of the store. */
  executorHooks(): ExecutorHooks {
    return {
      workerData: { storage: this.workerSettings() },
      onStored: (receipt) => this.adopt(receipt),
      onSlotLost: (slot) => this.slotLost(slot),
      release: (blocks) => this.release(blocks),
    };
  }

  /** What the scheduler tells the store. */
  schedulerHooks(): SchedulerHooks {
    return {
      onCached: (_, cached) => this.putCached(cached),
      onDiscarded: (_, { stored }) => stored && this.release(stored.blocks),
      onReleased: (stageId) => this.releaseStage(stageId),
      onFetchFailed: ({ path }) => this.cached.fileLost(path),
      onExecutorLost: (executor) => this.cached.executorLost(executor),
      cachedOn: (executor) => this.cached.holdsBlocks(executor),
    };
  }

  /** Takes over what a task stored, when its reply arrives and before the reply is given to anybody. */
  adopt(receipt: StoredReceipt | undefined): void {
    if (!receipt) return;
    this.holdings.adopt(receipt);
    if (this.stopped) this.holdings.releaseStage(receipt.stageId);
  }

  /** The thread of a slot died: gives back its execution memory and the blocks it had in hand. */
  slotLost(slot: number): void {
    this.memory.reclaim(slot);
  }

  /** Nobody reads these blocks any more. */
  release(blocks: readonly Block[]): void {
    for (const block of blocks) {
      const holding = this.holdings.of(block);
      if (holding && !holding.cached) this.holdings.release(holding);
    }
  }

  /** Gives back what the tasks of a stage stored, but for cached partitions. */
  releaseStage(stageId: number): void {
    this.holdings.releaseStage(stageId);
  }

  /** Keeps a partition, by an id such as `rdd_3_0`; false when there is one of that id already. */
  put(id: string, group: string, blocks: readonly StoredBlock[], level: StorageFlags): boolean {
    return this.cached.put(id, group, blocks, level);
  }
  /** The same for partitions that a task computed on its way. */
  putCached(partitions: readonly CachedPartition[]): void {
    for (const { id, blocks, level } of partitions) this.put(id, id.slice(0, id.lastIndexOf("_")), blocks, level);
  }
  /** Where a cached partition lies now; undefined when it is not there: compute it again. */
  get(id: string): readonly StoredBlock[] | undefined {
    return this.cached.get(id);
  }
  has(id: string): boolean {
    return this.cached.has(id);
  }
  /** Executors that hold the partition. */
  locations(id: string): readonly string[] {
    return this.cached.locations(id);
  }
  /** Gives up one partition, or block. */
  remove(id: string): void {
    this.cached.remove(id);
  }
  /** Gives up all partitions of a group. */
  removeGroup(group: string): void {
    this.cached.removeGroup(group);
  }

  /**
   * Keeps one block of a cached partition under the name by which the driver knows it, in an executor process: it may be
   * moved out when a task needs room.
   */
  putBlock(id: string, { block, group, level }: MovableBlock): void {
    this.put(id, group, [{ block, numRows: UNCOUNTED }], level);
  }
  /** Where that block lies now; undefined when it was dropped. */
  getBlock(id: string): Block | undefined {
    return this.get(id)?.[0].block;
  }

  /** Reliable checkpoints go to a folder of this program's own inside `directory`, from now on. */
  setCheckpointDirectory(directory: string): void {
    this.checkpoints = newCheckpointDirectory(directory);
  }
  /** That folder; undefined when none was set, here or by `spark.checkpoint.dir`. */
  get checkpointDirectory(): string | undefined {
    const configured = this.conf.value("checkpointDir");
    if (this.checkpoints === undefined && configured) this.setCheckpointDirectory(configured);
    return this.checkpoints;
  }

  /** What is cached, by group. */
  storageInfo(): GroupStorage[] {
    return this.cached.info();
  }
  memoryUse(): MemoryUse {
    return this.memory.use();
  }

  /** What is left when it should be nothing; collects garbage first, so that only what is reachable counts. */
  async leaks(): Promise<StorageLeaks> {
    for (let i = 0; i < 10; i++) {
      collectGarbage();
      // Finalizers run in turns of their own.
      await nextTurn();
      if (this.holdings.count === 0) break;
    }
    const { storage, execution } = this.memory.use();
    return {
      bytes: storage + execution,
      blocks: this.holdings.count,
      files: this.spill.files(),
      openFiles: openFilesBelow(this.spill.path),
    };
  }

  /** Lets go of everything and deletes the spill directory. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.memory.ring();
    this.cached.clear();
    this.holdings.releaseAll();
    this.spill.remove();
  }

  /** Answers workers that wait for room, one after the other, as long as the store is open. */
  private async serveWishes(): Promise<void> {
    while (!this.stopped) {
      const seen = this.memory.bell();
      for (const { slot, pages, group } of this.memory.wishes()) {
        try {
          await this.makeRoom(pages, group);
        } catch (error) {
          process.emitWarning(`room in memory could not be made: ${String(error)}`);
        }
        this.memory.answer(slot);
      }
      if (this.memory.takeSuspicion()) this.collectUnheld();
      if (this.stopped) return;
      await this.memory.rung(seen);
    }
  }

  /** Frees pages: first what nobody holds any more, then cached blocks, none of the group that asks. */
  private async makeRoom(wanted: number, groupOf: number): Promise<void> {
    const { storage, floor } = this.memory.use();
    const lacking = wanted - this.memory.free;
    // Execution does not push storage below its floor.
    const pages = groupOf === 0 ? Math.min(lacking, Math.ceil((storage - floor) / PAGE_BYTES)) : lacking;
    // Others may have been served since this was asked.
    if (pages <= 0) return;
    const before = this.holdings.releasedPages;
    const missing = (): number => pages - (this.holdings.releasedPages - before);
    if (this.holdings.uncached > 0) {
      collectGarbage();
      // Finalizers run in turns of their own.
      for (let i = 0; i < 2 && missing() > 0; i++) await nextTurn();
    }
    if (missing() > 0) await this.cached.makeRoom(missing() * PAGE_BYTES, groupOf);
    this.collectSoon();
  }

  /** Blocks that nobody holds any more keep others out of memory until garbage is collected. */
  private collectUnheld(): void {
    const now = performance.now();
    if (now - this.suspectedAt < SUSPICION_MS || this.holdings.uncached === 0) return;
    this.suspectedAt = now;
    this.memory.raiseEpoch();
    collectGarbage();
  }

  /** Shared memory goes back to the system when every thread has let go of it: they collect before their next task. */
  private collectSoon(): void {
    const released = this.holdings.releasedPages * PAGE_BYTES;
    if (released - this.collectedAt < COLLECT_BYTES) return;
    this.collectedAt = released;
    this.memory.raiseEpoch();
    collectGarbage();
  }
}
