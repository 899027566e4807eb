import { blockId, growScratch } from "../memory/index.js";
import type { MemoryPassBlock } from "./pass.js";

interface Area {
  readonly at: number;
  readonly bytes: number;
}

/** Scratch behind resident blocks: areas that closed sets left are handed out again, so that memories do not grow with every fit. */
export class ScratchAreas {
  /** By block. Handles to one memory differ, so its id is the key. */
  private readonly free = new Map<bigint, Area[]>();

  /** Address of zeroed scratch in the block's memory. */
  take({ memory }: MemoryPassBlock, bytes: number): number {
    if (bytes === 0) return 0;
    const free = this.free.get(blockId(memory)) ?? [];
    const at = free.findIndex((area) => area.bytes >= bytes && area.bytes <= 2 * bytes + 65_536);
    if (at < 0) return growScratch(memory, bytes);
    const [area] = free.splice(at, 1);
    new Uint8Array(memory.buffer, area.at, area.bytes).fill(0);
    return area.at;
  }

  give({ memory }: MemoryPassBlock, at: number, bytes: number): void {
    if (bytes === 0) return;
    const id = blockId(memory);
    const free = this.free.get(id) ?? [];
    free.push({ at, bytes });
    this.free.set(id, free);
  }
}
