import { closeSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { FetchFailedException } from "../common/index.js";
import { instantiateKernels, type KernelExports } from "../kernels/index.js";
import { align, type BlockFile, STATIC_BYTES } from "../memory/index.js";
import type { AbsentPassBlock, FilePassBlock, MemoryPassBlock, PassBlock, PassUnit, RemotePassBlock } from "./pass.js";

export const isFilePassBlock = (block: PassBlock): block is FilePassBlock => "file" in block;

const isAbsent = (block: PassBlock): block is AbsentPassBlock => "absent" in block;

/** The block, which must be in this process's memory or it cannot be worked on. */
export function inMemory(block: MemoryPassBlock | RemotePassBlock): MemoryPassBlock {
  if ("memory" in block) return block;
  throw new Error(`a pass needs a block that lies in the memory of executor ${block.remote.executor}`);
}

/** Whether units of the block use scratch behind the block itself. */
export const hasOwnScratch = (block: PassBlock): block is MemoryPassBlock | RemotePassBlock =>
  !isFilePassBlock(block) && !isAbsent(block);

/** Units that this process runs, in the groups that one thread takes at once: a unit, or all units in a row of one file block. */
export function unitGroups(blocks: readonly PassBlock[], units: readonly PassUnit[]): readonly (readonly number[])[] {
  const groups: number[][] = [];
  units.forEach(({ block }, unit) => {
    if (isAbsent(blocks[block])) return;
    const together = unit > 0 && units[unit - 1].block === block && isFilePassBlock(blocks[block]);
    if (together) groups.at(-1)!.push(unit);
    else groups.push([unit]);
  });
  return groups;
}

const PAGE = 65_536;

/**
 * The memory of one pass thread into which it reads file blocks, one after the other; all its open sets share it.
 * It holds one block's image from `STATIC_BYTES` on, and behind the longest image of a set the scratch of that set's units.
 */
class PassBuffer {
  readonly memory = new WebAssembly.Memory({ initial: 2, maximum: 65_536, shared: true });
  readonly kernels: KernelExports = instantiateKernels(this.memory);
  /** The block whose image is there now. */
  held: PassBlock | undefined;

  reserve(bytes: number): void {
    const missing = Math.ceil((bytes - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.memory.grow(missing);
  }
}

/** What kernels see of a block that is not here. */
let absent: WebAssembly.Memory | undefined;
const emptyMemory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });

let buffer: PassBuffer | undefined;
let users = 0;

/** The blocks of one open set on one pass thread: resident ones in place, file blocks through the thread's buffer. */
export class PassBlocks {
  readonly blocks: readonly MemoryPassBlock[];
  /** Address of the scratch of file blocks. */
  readonly fileScratch: number;
  private readonly instances: (KernelExports | undefined)[] = [];
  private readonly checked = new Set<number>();
  private readonly buffer: PassBuffer | undefined;

  constructor(
    private readonly sources: readonly PassBlock[],
    scratchBytes: number,
  ) {
    const lengths = sources.map((source) => (isFilePassBlock(source) ? source.file.bytes : 0));
    const longest = lengths.reduce((most, bytes) => Math.max(most, bytes), 0);
    this.fileScratch = align(STATIC_BYTES + longest);
    if (longest > 0) {
      users++;
      this.buffer = buffer ??= new PassBuffer();
      this.buffer.reserve(this.fileScratch + scratchBytes);
    }
    this.blocks = sources.map((source) => {
      if (isFilePassBlock(source)) return { memory: this.buffer!.memory, info: source.info };
      return isAbsent(source) ? { memory: (absent ??= emptyMemory()), info: source.info } : inMemory(source);
    });
  }

  kernels(block: number): KernelExports {
    if (isFilePassBlock(this.sources[block])) return this.buffer!.kernels;
    return (this.instances[block] ??= instantiateKernels(this.blocks[block].memory));
  }

  inFile(block: number): boolean {
    return isFilePassBlock(this.sources[block]);
  }

  /** Makes the block's bytes readable at their addresses; a file that is gone or damaged is a FETCH_FAILED with its origin. */
  load(block: number): void {
    const source = this.sources[block];
    if (!isFilePassBlock(source) || this.buffer!.held === source) return;
    this.buffer!.held = undefined;
    const bytes = new Uint8Array(this.buffer!.memory.buffer, STATIC_BYTES, source.file.bytes);
    // The sum is checked when this thread first reads the block: at 4 GB/s it would cost more than most kernels do.
    readImage(source.file, bytes, !this.checked.has(block));
    this.checked.add(block);
    this.buffer!.held = source;
  }

  close(): void {
    if (this.buffer && --users === 0) buffer = undefined;
  }
}

/** Reads a stored image into `bytes`, which has its length. */
export function readImage(file: BlockFile, bytes: Uint8Array, verify: boolean): void {
  const lost = (why: string, cause?: unknown): FetchFailedException => {
    const { stageId, partition } = file.origin ?? { stageId: -1, partition: -1 };
    return new FetchFailedException(`The training data stored in ${file.path} is lost: ${why}`, {
      parameters: { stageId: String(stageId), partition: String(partition), path: file.path },
      ...(cause instanceof Error ? { cause } : {}),
    });
  };
  let fd: number | undefined;
  try {
    fd = openSync(file.path, "r");
    for (let at = 0; at < bytes.length;) {
      const read = readSync(fd, bytes, at, bytes.length - at, file.offset + at);
      if (read === 0) throw lost(`it ends after ${at} of ${bytes.length} bytes.`);
      at += read;
    }
  } catch (error) {
    if (error instanceof FetchFailedException) throw error;
    throw lost(`it cannot be read (${(error as Error).message}).`, error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  if (verify && crc32(bytes) !== file.checksum) throw lost("its checksum does not match.");
}
