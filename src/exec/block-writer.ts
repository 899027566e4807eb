import { join } from "node:path";
import { BlockFileWriter, planBatch, type Batch } from "../columnar/index.js";
import { SparkException } from "../common/index.js";
import {
  isFile,
  pagesOf,
  type Block,
  type BlockOrigin,
  type FileBlock,
  type ResidentBlock,
  type UnifiedMemory,
} from "../memory/index.js";
import { makeSpillDirectory, packBlock } from "../storage/index.js";
import type { BlockWriter, StoreOptions } from "./partition-function.js";
import type { MovableBlock, StoredReceipt } from "./task.js";
import type { SlotMemory } from "./task-memory.js";

/** Part of the budget that blocks which cannot be moved out (shuffle output, results) may take together. */
const UNMOVABLE_SHARE = 0.5;
/** Length at which a new spill file is begun: a file is deleted when all blocks in it were discarded. */
const SPILL_FILE_BYTES = 64 * 2 ** 20;

/** Which of a task's files are compressed. */
export interface Compression {
  readonly stored: boolean;
  readonly spilled: boolean;
  readonly packed: boolean;
}

interface SpillFile {
  readonly writer: BlockFileWriter;
  live: number;
}

/** What one task stores: resident blocks and files that outlive it, and files of its own. */
export class TaskBlocks implements BlockWriter {
  private readonly kept: { readonly block: Block; readonly pages: number }[] = [];
  private readonly movable: MovableBlock[] = [];
  private output: BlockFileWriter | undefined;
  private readonly spills = new Map<string, SpillFile>();
  private current: SpillFile | undefined;
  private files = 0;
  /** Bytes that were written to files of the task's own. */
  spilledBytes = 0;

  constructor(
    private readonly memory: UnifiedMemory,
    private readonly held: SlotMemory,
    private readonly directory: string,
    private readonly compression: Compression,
    private readonly origin: BlockOrigin,
    private readonly name: string,
  ) {}

  store(batch: Batch, options: StoreOptions = {}): Block {
    const { kernels = false, level } = options;
    const inMemory = level?.useMemory ?? true;
    const onDisk = level?.useDisk ?? true;
    if (inMemory) {
      const movable = options.group !== undefined;
      const block =
        level && !level.deserialized && !level.useOffHeap
          ? this.keepPacked(batch, options.group)
          : this.keepPlanned(planBatch(batch, kernels && !level?.useOffHeap), movable, options.group);
      if (block) {
        const { group, groupLevel = level } = options;
        if (groupLevel && group !== undefined) this.movable.push({ block, group, level: groupLevel });
        return block;
      }
    }
    if (!onDisk) throw memoryFull(this.held.held);
    return this.file((writer) =>
      writer.write(batch, { kernels, compress: this.compression.stored, origin: this.origin }),
    );
  }

  keep(bytes: number, make: () => ResidentBlock): ResidentBlock | undefined {
    return this.keepPlanned({ bytes, make }, false, undefined);
  }

  storeImage(image: Uint8Array): FileBlock {
    return this.file((writer) =>
      writer.writeBytes(image, { kernels: true, origin: this.origin, memoryBytes: image.byteLength }),
    );
  }

  spill(batch: Batch): FileBlock {
    if (!this.current || this.current.writer.bytes >= SPILL_FILE_BYTES) {
      const full = this.current;
      this.current = { writer: this.open("spill"), live: 0 };
      full?.writer.close();
      if (full?.live === 0) this.forget(full);
      this.spills.set(this.current.writer.path, this.current);
    }
    const file = this.current.writer.write(batch, { compress: this.compression.spilled });
    this.current.live++;
    this.spilledBytes += file.bytes;
    return { file };
  }

  discard(block: Block): void {
    const at = this.kept.findIndex((kept) => kept.block === block);
    if (at >= 0) {
      const [{ pages }] = this.kept.splice(at, 1);
      const mark = this.movable.findIndex((movable) => movable.block === block);
      if (mark >= 0) this.movable.splice(mark, 1);
      if (pages > 0) this.memory.releaseStoring(this.held.slot, pages);
      return;
    }
    const spill = isFile(block) && this.spills.get(block.file.path);
    if (!spill || --spill.live > 0 || spill === this.current) return;
    this.forget(spill);
  }

  /** Ends the task: its own files are deleted, what it stored is handed over; undefined when it stored nothing. */
  handOver(): StoredReceipt | undefined {
    this.deleteSpills();
    this.output?.close();
    if (this.kept.length === 0) return undefined;
    return {
      slot: this.held.slot,
      stageId: this.origin.stageId,
      blocks: this.kept.map(({ block }) => block),
      pages: this.kept.map(({ pages }) => pages),
      ...(this.movable.length > 0 ? { movable: this.movable } : {}),
    };
  }

  /** Ends the task without leaving anything. */
  giveBack(): void {
    this.deleteSpills();
    this.output?.remove();
    const pages = this.kept.reduce((n, kept) => n + kept.pages, 0);
    this.kept.length = 0;
    if (pages > 0) this.memory.releaseStoring(this.held.slot, pages);
  }

  private keepPlanned(
    planned: { readonly bytes: number; make(): ResidentBlock },
    movable: boolean,
    group: string | undefined,
  ): ResidentBlock | undefined {
    const pages = pagesOf(planned.bytes);
    if (!this.admit(pages, movable, group)) return undefined;
    let block: ResidentBlock;
    try {
      block = planned.make();
    } catch (error) {
      this.memory.releaseStoring(this.held.slot, pages);
      // The machine has less than the budget says: the block goes where it goes when the budget is used up.
      if (
        error instanceof RangeError &&
        /Array buffer allocation failed|could not allocate memory/i.test(error.message)
      )
        return undefined;
      throw error;
    }
    this.kept.push({ block, pages });
    return block;
  }

  private keepPacked(batch: Batch, group: string | undefined): ResidentBlock | undefined {
    const block = packBlock(batch, this.compression.packed);
    const pages = pagesOf(block.buffer.byteLength);
    if (!this.admit(pages, group !== undefined, group)) return undefined;
    this.kept.push({ block, pages });
    return block;
  }

  private admit(pages: number, movable: boolean, group: string | undefined): boolean {
    const limit = movable ? Infinity : Math.floor(this.memory.totalPages * UNMOVABLE_SHARE);
    const take = (): number => this.memory.acquireStorage(this.held.slot, pages, limit);
    if (this.held.withRoom(pages, take, group === undefined ? 0 : groupHash(group))) return true;
    this.memory.suspectGarbage();
    return false;
  }

  private file(write: (writer: BlockFileWriter) => FileBlock["file"]): FileBlock {
    this.output ??= this.open("store");
    const block: FileBlock = { file: write(this.output) };
    this.kept.push({ block, pages: 0 });
    return block;
  }

  private open(kind: string): BlockFileWriter {
    makeSpillDirectory(this.directory);
    return new BlockFileWriter(join(this.directory, `${this.name}-${kind}-${this.files++}`));
  }

  private forget(spill: SpillFile): void {
    spill.writer.remove();
    this.spills.delete(spill.writer.path);
  }
  private deleteSpills(): void {
    for (const { writer } of this.spills.values()) writer.remove();
    this.spills.clear();
    this.current = undefined;
  }
}

/** A number other than 0 that stands for a group of cached blocks where only numbers can be shared. */
export function groupHash(group: string): number {
  let hash = 7;
  for (let i = 0; i < group.length; i++) hash = (Math.imul(hash, 31) + group.charCodeAt(i)) & 0x3fffffff;
  return hash || 1;
}

const MEMORY_FULL = "MEMORY_FULL";
const memoryFull = (held: number): SparkException =>
  new SparkException(
    `A block that may lie in memory only has no room there (this task holds ${held} bytes besides); ` +
      `use a storage level with disk, or raise "spark.executor.memory".`,
    { condition: MEMORY_FULL },
  );
/** Whether `store` failed because a memory-only block has no room: its rows are not cached then. */
export const isMemoryFull = (error: unknown): boolean =>
  error instanceof SparkException && error.condition === MEMORY_FULL;
