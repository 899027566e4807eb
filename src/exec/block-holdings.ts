import { rmSync } from "node:fs";
import { isFile, isRemote, isResident, type Block, type RemoteBlock, type UnifiedMemory } from "../memory/index.js";
import type { StoredReceipt } from "./task.js";

/** One stored block that this process answers for: pages of its budget, or a stretch of a file. */
export interface Holding {
  pages: number;
  readonly path: string | undefined;
  /** Name of a block that lies in an executor process. */
  readonly remote: RemoteBlock["remote"] | undefined;
  readonly stageId: number;
  /** Handles through which the block can still be reached. */
  handles: number;
  /** Set for blocks of a cached partition: they go with it, not with the stage that made them. */
  cached: boolean;
}

/**
 * The blocks a process answers for. They are given back when somebody says so or when the last handle to them (buffer,
 * memory or file object) was collected; a file is deleted when all blocks in it were given back.
 */
export class BlockHoldings {
  private readonly byHandle = new WeakMap<object, Holding>();
  private readonly byStage = new Map<number, Set<Holding>>();
  /** Blocks that still lie in each file. */
  private readonly files = new Map<string, number>();
  private readonly collected = new FinalizationRegistry<Holding>((holding) => {
    if (--holding.handles === 0) this.release(holding);
  });
  /** Pages that were given back since the start; who waits for room watches it. */
  releasedPages = 0;

  constructor(
    private readonly memory: UnifiedMemory,
    /** Tells an executor process that nobody reads a block of it any more. */
    private readonly onRemoteReleased: (remote: RemoteBlock["remote"]) => void = () => undefined,
  ) {}

  /** Takes over what a finished task stored. */
  adopt({ slot, stageId, blocks, pages }: StoredReceipt): void {
    blocks.forEach((block, i) => {
      const taken = pages[i] > 0 ? this.memory.adopt(slot, pages[i]) : 0;
      this.add(block, stageId, taken);
    });
  }

  /** Answers for a block; `pages` were taken from the budget for it. */
  add(block: Block, stageId: number, pages: number): Holding {
    const path = isFile(block) ? block.file.path : undefined;
    const handles = handlesOf(block);
    const remote = isRemote(block) ? block.remote : undefined;
    const holding: Holding = {
      pages,
      path,
      remote: remote && { ...remote },
      stageId,
      handles: handles.length,
      cached: false,
    };
    for (const handle of handles) {
      this.byHandle.set(handle, holding);
      this.collected.register(handle, holding, holding);
    }
    if (path !== undefined) this.files.set(path, (this.files.get(path) ?? 0) + 1);
    const stage = this.byStage.get(stageId);
    if (stage) stage.add(holding);
    else this.byStage.set(stageId, new Set([holding]));
    return holding;
  }

  /** What is known of a block; undefined when it was given back or is not this process's. */
  of(block: Block): Holding | undefined {
    for (const handle of handlesOf(block)) {
      const holding = this.byHandle.get(handle);
      if (holding) return holding;
    }
    return undefined;
  }

  /** Gives a block back: its pages at once, its file when no other block lies in it. */
  release(holding: Holding): void {
    const stage = this.byStage.get(holding.stageId);
    if (!stage?.delete(holding)) return;
    if (stage.size === 0) this.byStage.delete(holding.stageId);
    this.collected.unregister(holding);
    if (holding.pages > 0) {
      if (holding.cached) this.memory.addMovable(-holding.pages);
      this.memory.releaseStorage(holding.pages);
      this.releasedPages += holding.pages;
      holding.pages = 0;
    }
    if (holding.remote) this.onRemoteReleased(holding.remote);
    if (holding.path === undefined) return;
    const left = this.files.get(holding.path)! - 1;
    if (left > 0) this.files.set(holding.path, left);
    else {
      this.files.delete(holding.path);
      rmSync(holding.path, { force: true });
    }
  }

  /** Gives back what a stage stored, but for cached partitions. */
  releaseStage(stageId: number): void {
    for (const holding of [...(this.byStage.get(stageId) ?? [])]) if (!holding.cached) this.release(holding);
  }

  releaseAll(): void {
    for (const stage of [...this.byStage.values()]) for (const holding of [...stage]) this.release(holding);
  }

  /** The block belongs to a cached partition now: execution may have it moved out. */
  markCached(holding: Holding): void {
    if (holding.cached) return;
    holding.cached = true;
    if (holding.pages > 0) this.memory.addMovable(holding.pages);
  }

  /** Blocks that go when they are collected, not when somebody says so. */
  get uncached(): number {
    let count = 0;
    for (const stage of this.byStage.values()) for (const holding of stage) if (!holding.cached) count++;
    return count;
  }
  get count(): number {
    let count = 0;
    for (const stage of this.byStage.values()) count += stage.size;
    return count;
  }
  get paths(): readonly string[] {
    return [...this.files.keys()];
  }
}

/** The objects through which a block is reached. A copy of a block holds the same ones. */
function handlesOf(block: Block): object[] {
  if (isFile(block)) return [block.file];
  if (!isResident(block)) return [block.remote];
  return block.memory ? [block.buffer, block.memory] : [block.buffer];
}
