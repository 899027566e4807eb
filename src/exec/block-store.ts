import { setImmediate as nextTurn } from "node:timers/promises";
import type { SparkConf } from "../common/index.js";
import {
  blockBytes,
  isFile,
  isRemote,
  isResident,
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
import { groupHash } from "./block-writer.js";
import { collectGarbage } from "./collect-garbage.js";
import { BlockDirectory, type BlockCommand } from "./core/block-directory.js";
import type { ExecutorHooks } from "./executor/local-executor.js";
import { moveToFile } from "./move-to-file.js";
import { openFilesBelow } from "./open-files.js";
import type { SchedulerHooks } from "./scheduling/scheduler-hooks.js";
import type { StorageFlags } from "./partition-function.js";
import type { StorageSettings } from "./task-storage.js";
import type { CachedPartition, StoredReceipt } from "./task.js";

/** Bytes given back under pressure before threads are told to collect their garbage. */
const COLLECT_BYTES = 16 * 2 ** 20;

/** One cached partition: where its rows lie now. */
interface CachedBlocks {
  readonly group: string;
  readonly level: StorageFlags;
  blocks: readonly StoredBlock[];
}

/** What is cached of one RDD or plan. */
export interface GroupStorage {
  /** Such as `rdd_3`. */
  readonly group: string;
  readonly level: StorageFlags;
  readonly cachedPartitions: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

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
 * them in the memory budget, moves cached blocks to files or drops them (by storage level, least recently used first) when
 * a task needs room, and deletes files. BlockDirectory decides, this class acts. In the driver of a local cluster it only
 * knows where cached partitions lie: their bytes are their executors' business.
 */
export class BlockStore {
  /** Tells an executor process that nobody reads a block of it any more; the engine of a local cluster sets it. */
  onRemoteReleased: (remote: RemoteBlock["remote"]) => void = () => undefined;
  readonly memory: UnifiedMemory;
  readonly spill: SpillDirectory;
  /** Bytes that execution and storage share. */
  readonly budget: number;
  private readonly holdings: BlockHoldings;
  private readonly directory = new BlockDirectory();
  private readonly cached = new Map<string, CachedBlocks>();
  private readonly listeners = new Set<(id: string, group: string) => void>();
  private checkpoints: string | undefined;
  private spilled = 0;
  private collectedAt = 0;
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
    this.directory.handle({ type: "executorAdded", executor });
    void this.serveWishes();
  }

  /** What its worker threads are started with. */
  workerSettings(): StorageSettings {
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
      onFetchFailed: ({ path }) => void this.fileLost(path),
      onExecutorLost: (executor) => this.executorLost(executor),
      cachedOn: (executor) => this.cachedOn(executor),
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

  /** Keeps a partition, by an id such as `rdd_3_0`; false when there is one of that id already, or the group was given up. */
  put(id: string, group: string, blocks: readonly StoredBlock[], level: StorageFlags): boolean {
    let memoryBytes = 0;
    let diskBytes = 0;
    let executor = this.executor;
    for (const { block } of blocks) {
      if (isFile(block)) diskBytes += block.file.bytes;
      else memoryBytes += blockBytes(block);
      if (isRemote(block)) executor = block.remote.executor;
    }
    if (executor !== this.executor) this.directory.handle({ type: "executorAdded", executor });
    const before = this.cached.get(id);
    if (before) return false;
    this.cached.set(id, { group, level, blocks });
    for (const { block } of blocks) {
      const holding = this.holdings.of(block);
      if (holding) this.holdings.markCached(holding);
    }
    this.act(this.directory.handle({ type: "stored", block: id, group, executor, level, memoryBytes, diskBytes }));
    return this.cached.has(id);
  }

  /** The same for partitions that a task computed on its way. */
  putCached(partitions: readonly CachedPartition[]): void {
    for (const { id, blocks, level } of partitions) this.put(id, id.slice(0, id.lastIndexOf("_")), blocks, level);
  }

  /** Where a cached partition lies now; undefined when it is not there: compute it again. */
  get(id: string): readonly StoredBlock[] | undefined {
    const entry = this.cached.get(id);
    if (!entry) return undefined;
    for (const executor of this.directory.locations(id)) this.directory.handle({ type: "used", block: id, executor });
    return entry.blocks;
  }
  has(id: string): boolean {
    return this.cached.has(id);
  }
  /** Executors that hold the partition. */
  locations(id: string): readonly string[] {
    return this.directory.locations(id);
  }
  /** Whether an executor holds any cached partition. */
  cachedOn(executor: string): boolean {
    return this.directory.holdsBlocks(executor);
  }

  /** Gives up all partitions of a group. */
  removeGroup(group: string): void {
    this.act(this.directory.handle({ type: "groupReleased", group }));
  }

  /** A file could not be read: the cached partition it belongs to is gone. Returns its id. */
  fileLost(path: string): string | undefined {
    for (const [id, { blocks }] of this.cached) {
      if (!blocks.some(({ block }) => isFile(block) && block.file.path === path)) continue;
      const [executor = this.executor] = this.directory.locations(id);
      this.forget(id);
      this.act(this.directory.handle({ type: "lost", block: id, executor }));
      return id;
    }
    return undefined;
  }

  /** An executor process is gone, and what it held with it. */
  executorLost(executor: string): void {
    this.act(this.directory.handle({ type: "executorRemoved", executor }));
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

  /** Calls `listener` when the last copy of a partition is gone without anybody having given it up. */
  onGone(listener: (id: string, group: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What is cached, by group. */
  storageInfo(): GroupStorage[] {
    const levels = new Map<string, StorageFlags>();
    for (const { group, level } of this.cached.values()) levels.set(group, level);
    return [...levels].map(([group, level]) => {
      const { blocks, memoryBytes, diskBytes } = this.directory.usage(group);
      return { group, level, cachedPartitions: blocks, memoryBytes, diskBytes };
    });
  }
  memoryUse(): MemoryUse {
    return this.memory.use();
  }

  /** What is left when it should be nothing; collects garbage first, so that only what is reachable counts. */
  async leaks(): Promise<StorageLeaks> {
    for (let i = 0; i < 3; i++) {
      collectGarbage();
      await nextTurn();
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
      if (this.stopped) return;
      await this.memory.rung(seen);
    }
  }

  /** Frees pages: first what nobody holds any more, then cached blocks, none of the group that asks. */
  private async makeRoom(pages: number, groupOf: number): Promise<void> {
    const before = this.holdings.releasedPages;
    const missing = (): number => pages - (this.holdings.releasedPages - before);
    if (this.holdings.uncached > 0) {
      collectGarbage();
      // Finalizers run in turns of their own.
      for (let i = 0; i < 2 && missing() > 0; i++) await nextTurn();
    }
    if (missing() > 0) {
      const group = groupOf === 0 ? undefined : this.directory.groupNames().find((name) => groupHash(name) === groupOf);
      const commands = this.directory.handle({
        type: "roomNeeded",
        executor: this.executor,
        bytes: missing() * PAGE_BYTES,
        ...(group === undefined ? {} : { group }),
      });
      for (const command of commands) {
        if (command.type === "spill") await this.moveOut(command.block);
        else this.act([command]);
      }
    }
    this.collectSoon();
  }

  /** Writes a cached partition to a file and gives back its memory. */
  private async moveOut(id: string): Promise<void> {
    const entry = this.cached.get(id);
    const { executor } = this;
    if (!entry) return;
    const before = entry.blocks;
    try {
      const { blocks, bytes } = await moveToFile(before, this.spill.path, `cached-${this.spilled++}`);
      const holdings = blocks.map(({ block }) => this.holdings.of(block) ?? this.holdings.add(block, -1, 0));
      if (this.cached.get(id) !== entry) {
        // Given up while it was being written.
        const kept = new Set(before.map(({ block }) => this.holdings.of(block)));
        for (const holding of holdings) if (!kept.has(holding)) this.holdings.release(holding);
        return;
      }
      for (const holding of holdings) this.holdings.markCached(holding);
      entry.blocks = blocks;
      for (const { block } of before) {
        const holding = isResident(block) && this.holdings.of(block);
        if (holding) this.holdings.release(holding);
      }
      this.act(this.directory.handle({ type: "spilled", block: id, executor, diskBytes: bytes }));
    } catch (error) {
      // The rows can be computed again; whoever asked for room gets it all the same.
      process.emitWarning(`cached partition ${id} was dropped: ${String(error)}`);
      this.forget(id);
      this.act(this.directory.handle({ type: "lost", block: id, executor }));
    }
  }

  private act(commands: readonly BlockCommand[]): void {
    for (const command of commands) {
      switch (command.type) {
        case "drop":
        case "refuse":
          this.forget(command.block);
          break;
        case "gone":
          this.forget(command.block);
          for (const listener of this.listeners) listener(command.block, command.group);
          break;
        case "spill":
          void this.moveOut(command.block);
          break;
        case "replicate":
          this.directory.handle({ type: "replicationFailed", block: command.block, to: command.to });
          break;
      }
    }
  }

  private forget(id: string): void {
    const entry = this.cached.get(id);
    if (!entry) return;
    this.cached.delete(id);
    for (const { block } of entry.blocks) {
      const holding = this.holdings.of(block);
      if (holding) this.holdings.release(holding);
    }
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
