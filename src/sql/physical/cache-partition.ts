import type { Batch } from "../../columnar/index.js";
import { definePartitionFunction, isMemoryFull, type StorageFlags, type TaskContext } from "../../exec/index.js";
import type { StoredBlock } from "../plan/index.js";
import { concatBatches } from "./collect-blocks.js";
import { MemoryShare } from "./memory-share.js";
import { batchBytes, piecesOf } from "./pieces.js";

export interface CacheRequest {
  readonly level: StorageFlags;
  /** Name of the cached plan's blocks together. */
  readonly group: string;
}

/** Bytes of one block in a file, about: what a scan holds of it at a time. */
const FILE_BLOCK_BYTES = 8 * 2 ** 20;
const MAX_BLOCK_BYTES = 2 ** 30;

/**
 * Stores a partition as its level says: one block of shared memory where it fits, else blocks in a file. Undefined when it
 * may lie in memory only and has no room there: whoever needs its rows computes them again.
 */
export const cachePartition = definePartitionFunction<CacheRequest, StoredBlock[] | undefined>({
  name: "sql.cache",
  async run({ level, group }, batches, context) {
    const writer = new PartitionWriter(level, group, context);
    for await (const batch of batches) {
      context.checkCancelled();
      if (batch.numRows > 0 && !writer.add(batch)) return writer.giveUp();
    }
    return writer.finish() ?? writer.giveUp();
  },
});

class PartitionWriter {
  private readonly blocks: StoredBlock[] = [];
  private readonly share: MemoryShare;
  private pending: Batch[] = [];
  private bytes = 0;
  private inMemory: boolean;

  constructor(
    private readonly level: StorageFlags,
    private readonly group: string,
    private readonly context: TaskContext,
  ) {
    this.inMemory = level.useMemory;
    // Rows on their way to storage do not push out what is stored, of this plan least of all.
    const { memory } = context;
    this.share = new MemoryShare({
      acquire: (bytes) => memory.acquire(bytes, true),
      release: (bytes) => memory.release(bytes),
      get held() {
        return memory.held;
      },
    });
  }

  /** False when the partition has no place. */
  add(batch: Batch): boolean {
    const size = batchBytes(batch);
    const limit = this.inMemory ? MAX_BLOCK_BYTES : FILE_BLOCK_BYTES;
    // The rows are held twice while they are joined.
    const fits = this.bytes + size <= limit && this.share.take(2 * size);
    if (!fits && this.pending.length > 0) {
      if (!this.flush()) return false;
      this.share.take(2 * size);
    }
    this.pending.push(batch);
    this.bytes += size;
    return true;
  }

  finish(): StoredBlock[] | undefined {
    return this.pending.length === 0 || this.flush() ? this.blocks : undefined;
  }

  giveUp(): undefined {
    for (const { block } of this.blocks) this.context.blocks.discard(block);
  }

  private flush(): boolean {
    const batch = concatBatches(this.pending);
    this.pending = [];
    this.bytes = 0;
    this.share.free();
    if (this.inMemory && this.keep(batch)) return true;
    // Once there is no room, the rest of the partition goes where there is.
    this.inMemory = false;
    if (!this.level.useDisk) return false;
    const level = { ...this.level, useMemory: false };
    for (const piece of piecesOf(batch, FILE_BLOCK_BYTES)) {
      this.blocks.push({
        block: this.context.blocks.store(piece, { kernels: true, level }),
        numRows: piece.numRows,
      });
    }
    return true;
  }

  private keep(batch: Batch): boolean {
    const level = { ...this.level, useDisk: false };
    const kernels = level.deserialized && !level.useOffHeap;
    try {
      const block = this.context.blocks.store(batch, { kernels, level, group: this.group, groupLevel: this.level });
      this.blocks.push({ block, numRows: batch.numRows });
      return true;
    } catch (error) {
      if (isMemoryFull(error)) return false;
      throw error;
    }
  }
}
