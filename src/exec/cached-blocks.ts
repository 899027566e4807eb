import { existsSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import {
  blockBytes,
  isFile,
  isRemote,
  isResident,
  type Block,
  type RemoteBlock,
  type StoredBlock,
} from "../memory/index.js";
import type { BlockHoldings } from "./block-holdings.js";
import { groupHash } from "./block-writer.js";
import { BlockDirectory, type BlockCommand } from "./core/block-directory.js";
import { moveToFile } from "./move-to-file.js";
import type { StorageFlags } from "./partition-function.js";

/** Row count of a block of which this process knows the name only: it stays in one piece. */
export const UNCOUNTED = -1;

/** One cached partition: where its rows lie now. */
interface CachedPartitionBlocks {
  readonly group: string;
  readonly level: StorageFlags;
  /** Executor whose copy `blocks` is. */
  home: string;
  blocks: readonly StoredBlock[];
  /** Copies on other executors. */
  readonly replicas: Map<string, readonly StoredBlock[]>;
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

/** The other processes of a local cluster, as its driver sees them. */
export interface OtherExecutors {
  ids(): readonly string[];
  /** The executor in whose spill directory a file lies. */
  ownerOf(path: string): string | undefined;
  /** A copy of a block in another executor's spill directory. */
  copy(block: Block, to: string): Promise<Block>;
}

/**
 * Cached partitions: finds them by id, and carries out what BlockDirectory decides when memory is short, copies are wanted
 * or executors go.
 */
export class CachedBlocks {
  /** Set in the driver of a local cluster. */
  others: OtherExecutors | undefined;
  private readonly directory = new BlockDirectory();
  private readonly entries = new Map<string, CachedPartitionBlocks>();
  private moved = 0;

  constructor(
    private readonly executor: string,
    private readonly holdings: BlockHoldings,
    /** The process's spill directory. */
    private readonly folder: string,
  ) {}

  /** Keeps a partition; false when there is one of that id already. */
  put(id: string, group: string, blocks: readonly StoredBlock[], level: StorageFlags): boolean {
    if (this.entries.has(id)) return false;
    const { executor, memoryBytes, diskBytes } = this.place(blocks);
    this.directory.handle({ type: "executorAdded", executor });
    if (level.replication > 1) {
      for (const other of this.others?.ids() ?? []) this.directory.handle({ type: "executorAdded", executor: other });
    }
    this.entries.set(id, { group, level, home: executor, blocks, replicas: new Map() });
    this.mark(blocks);
    this.act(this.directory.handle({ type: "stored", block: id, group, executor, level, memoryBytes, diskBytes }));
    return this.entries.has(id);
  }

  /** Where a partition lies now; undefined when it is not there: compute it again. */
  get(id: string): readonly StoredBlock[] | undefined {
    const entry = this.entries.get(id);
    if (entry) this.directory.handle({ type: "used", block: id, executor: entry.home });
    return entry?.blocks;
  }
  has(id: string): boolean {
    return this.entries.has(id);
  }
  /** Executors that hold the partition. */
  locations(id: string): readonly string[] {
    return this.directory.locations(id);
  }
  holdsBlocks(executor: string): boolean {
    return this.directory.holdsBlocks(executor);
  }

  remove(id: string): void {
    this.act(this.directory.handle({ type: "released", block: id }));
  }
  removeGroup(group: string): void {
    this.act(this.directory.handle({ type: "groupReleased", group }));
  }
  clear(): void {
    for (const group of this.directory.groupNames()) this.removeGroup(group);
  }

  /**
   * A block could not be read: its copy of the partition is gone, and with a whole folder (of an executor that died) all
   * that lay there. `path` is the file, or the name of a block in another process.
   */
  fileLost(path: string): void {
    const folder = dirname(path);
    const wholeFolder = isAbsolute(path) && !existsSync(folder);
    const isLost = ({ block }: StoredBlock): boolean =>
      isFile(block)
        ? block.file.path === path || (wholeFolder && dirname(block.file.path) === folder)
        : isRemote(block) && remotePath(block.remote) === path;
    for (const [id, entry] of [...this.entries]) {
      if (entry.blocks.some(isLost)) this.copyLost(id, entry.home);
      for (const [executor, blocks] of [...entry.replicas]) if (blocks.some(isLost)) this.copyLost(id, executor);
    }
  }

  executorLost(executor: string): void {
    for (const [id, entry] of [...this.entries]) {
      if (entry.home === executor || entry.replicas.has(executor)) this.dropCopy(id, executor);
    }
    this.act(this.directory.handle({ type: "executorRemoved", executor }));
  }

  /** What is cached, by group. */
  info(): GroupStorage[] {
    const levels = new Map<string, StorageFlags>();
    for (const { group, level } of this.entries.values()) levels.set(group, level);
    return [...levels].map(([group, level]) => {
      const { blocks, memoryBytes, diskBytes } = this.directory.usage(group);
      return { group, level, cachedPartitions: blocks, memoryBytes, diskBytes };
    });
  }

  /** Moves out or drops partitions of this process of `bytes` together, none of the group with that hash (0: of any). */
  async makeRoom(bytes: number, groupOf: number): Promise<void> {
    const group = groupOf === 0 ? undefined : this.directory.groupNames().find((name) => groupHash(name) === groupOf);
    const { executor } = this;
    const commands = this.directory.handle({ type: "roomNeeded", executor, bytes, ...(group ? { group } : {}) });
    for (const command of commands) {
      if (command.type === "spill") await this.moveOut(command.block);
      else this.act([command]);
    }
  }

  private act(commands: readonly BlockCommand[]): void {
    for (const command of commands) {
      if (command.type === "replicate") void this.replicate(command.block, command.from, command.to);
      else if (command.type === "spill") void this.moveOut(command.block);
      else if (command.type === "gone") this.forget(command.block);
      else this.dropCopy(command.block, command.executor);
    }
  }

  /** Writes a partition to a file and gives back its memory. */
  private async moveOut(id: string): Promise<void> {
    const entry = this.entries.get(id);
    if (!entry) return;
    const { executor } = this;
    const before = entry.blocks;
    try {
      const whole = before.some(({ numRows }) => numRows === UNCOUNTED);
      const { blocks, bytes } = await moveToFile(before, this.folder, `cached-${this.moved++}`, whole);
      const written = blocks.filter((stored) => !before.includes(stored));
      for (const { block } of written) this.holdings.add(block, -1, 0);
      if (this.entries.get(id) !== entry) return this.give(written);
      entry.blocks = blocks;
      this.mark(written);
      this.give(before.filter(({ block }) => isResident(block)));
      this.act(this.directory.handle({ type: "spilled", block: id, executor, diskBytes: bytes }));
    } catch (error) {
      // The rows can be computed again; whoever asked for room gets it all the same.
      process.emitWarning(`cached partition ${id} was dropped: ${String(error)}`);
      this.copyLost(id, executor);
    }
  }

  /** Copies a partition to another executor. */
  private async replicate(id: string, from: string, to: string): Promise<void> {
    const entry = this.entries.get(id);
    const { others } = this;
    const failed = (): unknown => this.directory.handle({ type: "replicationFailed", block: id, to });
    if (!entry || !others || entry.home !== from) return void failed();
    try {
      const blocks: StoredBlock[] = [];
      for (const { block, numRows } of entry.blocks) blocks.push({ block: await others.copy(block, to), numRows });
      for (const { block } of blocks) this.holdings.add(block, -1, 0);
      if (this.entries.get(id) !== entry) return this.give(blocks);
      entry.replicas.set(to, blocks);
      this.mark(blocks);
      const { group, level } = entry;
      const { diskBytes } = this.place(blocks);
      const stored = { type: "stored", block: id, group, executor: to, level, memoryBytes: 0, diskBytes } as const;
      this.act(this.directory.handle({ ...stored, replica: true }));
    } catch {
      // The executor that held it, or the one that was to, went away: the directory asks again when there is another.
      failed();
    }
  }

  private copyLost(id: string, executor: string): void {
    this.dropCopy(id, executor);
    this.act(this.directory.handle({ type: "lost", block: id, executor }));
  }

  /** Gives back one copy; the partition is read from another one from now on, if there is any. */
  private dropCopy(id: string, executor: string): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    if (entry.home !== executor) {
      this.give(entry.replicas.get(executor) ?? []);
      entry.replicas.delete(executor);
      return;
    }
    const [next] = entry.replicas;
    if (!next) return this.forget(id);
    this.give(entry.blocks);
    [entry.home, entry.blocks] = next;
    entry.replicas.delete(entry.home);
  }

  private forget(id: string): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    this.entries.delete(id);
    this.give(entry.blocks);
    for (const blocks of entry.replicas.values()) this.give(blocks);
  }

  private mark(blocks: readonly StoredBlock[]): void {
    for (const { block } of blocks) {
      const holding = this.holdings.of(block);
      if (holding) this.holdings.markCached(holding);
    }
  }
  private give(blocks: readonly StoredBlock[]): void {
    for (const { block } of blocks) {
      const holding = this.holdings.of(block);
      if (holding) this.holdings.release(holding);
    }
  }

  /** Where some blocks lie, and how much of them in memory. */
  private place(blocks: readonly StoredBlock[]): { executor: string; memoryBytes: number; diskBytes: number } {
    let memoryBytes = 0;
    let diskBytes = 0;
    let executor: string | undefined;
    for (const { block } of blocks) {
      if (isFile(block)) {
        diskBytes += block.file.bytes;
        executor ??= this.others?.ownerOf(block.file.path);
      } else memoryBytes += blockBytes(block);
      if (isRemote(block)) executor = block.remote.executor;
    }
    return { executor: executor ?? this.executor, memoryBytes, diskBytes };
  }
}

/** How a block of another process is named in errors. */
export const remotePath = ({ executor, id }: Pick<RemoteBlock["remote"], "executor" | "id">): string =>
  `executor ${executor}, block ${id}`;
