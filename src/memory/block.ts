/**
 * A storage block: one record batch in one shared buffer, readable in place by every worker.
 *
 *   offset 0        64 KiB   static data of the kernel module when it is instantiated on this memory
 *   offset 65,536   header   u32 magic, u32 directory bytes, u64 random id of the block
 *   offset 65,552   JSON     directory (what the writer put there: row count, layouts, buffer positions)
 *   64-byte aligned buffers
 *
 * A block is a `WebAssembly.Memory` when kernels run on it, a bare `SharedArrayBuffer` when it is only moved and read.
 */
export const STATIC_BYTES = 65_536;
export const ALIGNMENT = 64;
const PAGE = 65_536;
const MAX_PAGES = 65_536;
const MAGIC = 0x4b4e444c;
const HEADER = 16;

export interface ResidentBlock {
  readonly buffer: SharedArrayBuffer;
  /** Present when kernels can run on the block in place. */
  readonly memory: WebAssembly.Memory | undefined;
}

/** The task whose output a block is: it runs again when the block is lost. */
export interface BlockOrigin {
  readonly stageId: number;
  readonly partition: number;
}

/** Where a block lies on disk: Arrow IPC in the spill directory of the executor that wrote it. */
export interface BlockFile {
  readonly path: string;
  readonly offset: number;
  /** Length in the file. */
  readonly bytes: number;
  /** CRC-32 of those bytes. */
  readonly checksum: number;
  /** Length as a resident block, about. */
  readonly memoryBytes: number;
  /** Whether kernels are to run on it once it is resident. */
  readonly kernels: boolean;
  readonly origin?: BlockOrigin;
}
export interface FileBlock {
  readonly file: BlockFile;
}

/** A block in the memory of another executor process, which writes it to a file when somebody else needs it. */
export interface RemoteBlock {
  readonly remote: {
    readonly executor: string;
    readonly id: string;
    readonly bytes: number;
    readonly kernels: boolean;
    readonly origin?: BlockOrigin;
  };
}

/** Stored rows that outlive the task that made them. */
export type Block = ResidentBlock | FileBlock | RemoteBlock;

export const isResident = (block: Block): block is ResidentBlock => "buffer" in block;
export const isFile = (block: Block): block is FileBlock => "file" in block;
export const isRemote = (block: Block): block is RemoteBlock => "remote" in block;

/** Bytes of a block when it is resident, without the area that is reserved for kernels. */
export const blockBytes = (block: Block): number =>
  isResident(block)
    ? block.buffer.byteLength - (block.memory ? STATIC_BYTES : 0)
    : isFile(block)
      ? block.file.memoryBytes
      : block.remote.bytes;

/** A block and how many rows it holds. */
export interface StoredBlock {
  readonly block: Block;
  readonly numRows: number;
}

export const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

export interface BlockRequest {
  readonly directory: (positions: readonly number[]) => unknown;
  /** Byte length of each buffer. */
  readonly buffers: readonly number[];
  readonly kernels: boolean;
}

/** Where the buffers of a block will start, and how long its shared buffer will be. */
function layOut(request: BlockRequest): { base: number; positions: number[]; bytes: number } {
  // Positions appear in the directory, whose length decides the positions: reserve generously for the text form.
  const guess = JSON.stringify(request.directory(request.buffers.map(() => 4_294_967_295)));
  const base = request.kernels ? STATIC_BYTES : 0;
  let next = align(base + HEADER + encoder.encode(guess).byteLength);
  const positions = request.buffers.map((bytes) => {
    const at = next;
    next = align(next + bytes);
    return at;
  });
  return { base, positions, bytes: request.kernels ? Math.max(2, Math.ceil(next / PAGE)) * PAGE : next };
}

/** A block that is not allocated yet: its length, so that room can be made for it first. */
export interface PlannedBlock {
  readonly bytes: number;
  /** Allocates it and writes its directory; `positions` are where the buffers start. */
  allocate(): { block: ResidentBlock; positions: number[] };
}

/** A block whose buffers have the given lengths. */
export function planBlock(request: BlockRequest): PlannedBlock {
  const { base, positions, bytes } = layOut(request);
  return {
    bytes,
    allocate() {
      const block = request.kernels ? kernelBlock(bytes) : { buffer: new SharedArrayBuffer(bytes), memory: undefined };
      const directory = encoder.encode(JSON.stringify(request.directory(positions)));
      const view = new DataView(block.buffer);
      view.setUint32(base, MAGIC, true);
      view.setUint32(base + 4, directory.byteLength, true);
      view.setBigUint64(base + 8, randomId(), true);
      new Uint8Array(block.buffer, base + HEADER, directory.byteLength).set(directory);
      return { block, positions };
    },
  };
}

/** Allocates a block whose buffers have the given lengths and writes its directory; returns where each buffer starts. */
export const allocateBlock = (request: BlockRequest): { block: ResidentBlock; positions: number[] } =>
  planBlock(request).allocate();

const encoder = new TextEncoder();
const randomId = (): bigint => crypto.getRandomValues(new BigUint64Array(1))[0];

/** Id of a kernel block: the same for every handle to its memory, on every thread. */
export const blockId = (memory: WebAssembly.Memory): bigint =>
  new DataView(memory.buffer).getBigUint64(STATIC_BYTES + 8, true);

const memories = new WeakMap<SharedArrayBuffer, WebAssembly.Memory>();

/** The memory behind a view's buffer, when the view came from a kernel block that was opened on this thread. */
export const memoryBehind = (buffer: ArrayBufferLike): WebAssembly.Memory | undefined =>
  buffer instanceof SharedArrayBuffer ? memories.get(buffer) : undefined;

function kernelBlock(bytes: number): ResidentBlock {
  const pages = bytes / PAGE;
  if (pages > MAX_PAGES) throw new RangeError(`a block of ${bytes} bytes is larger than 4 GiB; use more partitions`);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: MAX_PAGES, shared: true });
  return { buffer: memory.buffer as unknown as SharedArrayBuffer, memory };
}

/** The directory that the writer of the block stored. */
export function readDirectory(block: ResidentBlock): unknown {
  const base = block.memory ? STATIC_BYTES : 0;
  if (block.memory) memories.set(block.buffer, block.memory);
  const view = new DataView(block.buffer);
  if (view.getUint32(base, true) !== MAGIC) throw new Error("not a kindling block");
  const bytes = new Uint8Array(block.buffer, base + HEADER, view.getUint32(base + 4, true));
  return JSON.parse(new TextDecoder().decode(bytes.slice()));
}

/**
 * Grows the memory of a kernel block by a scratch area and returns its address.
 * Views over the old length stay valid; take new ones from `memory.buffer` to reach the scratch area.
 */
export function growScratch(memory: WebAssembly.Memory, bytes: number): number {
  return memory.grow(Math.ceil(bytes / PAGE)) * PAGE;
}
