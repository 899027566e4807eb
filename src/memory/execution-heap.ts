import { STATIC_BYTES } from "./block.js";

/**
 * The executor process's working memory: one shared WebAssembly memory for all workers, so that generated pipelines and
 * kernels see every batch, hash table and build side in flight.
 *
 *   offset 0         64 KiB   static data of the kernel module
 *   offset 65,536    Int32    lock: 0 free, else the owner that holds it; then Uint16 a chunk: 0 free, else its owner
 *   from `firstChunk`         chunks of 64 KiB
 *
 * The address space is reserved at once (untouched pages cost nothing), so views never go stale.
 */
const CHUNK = 65_536;

export class ExecutionHeap {
  readonly memory: WebAssembly.Memory;
  /** Who takes chunks through this object: the slot of the task that the thread runs, counted from 1. */
  owner = 1;
  private readonly lock: Int32Array;
  private readonly taken: Uint16Array;
  private readonly firstChunk: number;

  /** Attaches to a heap made by {@link allocateHeap}, on any thread. */
  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    const chunks = memory.buffer.byteLength / CHUNK;
    this.lock = new Int32Array(memory.buffer, STATIC_BYTES, 1);
    this.taken = new Uint16Array(memory.buffer, STATIC_BYTES + 64, chunks);
    this.firstChunk = Math.ceil((STATIC_BYTES + 64 + 2 * chunks) / CHUNK);
  }

  /** A region whose allocations are all freed together, with the task that made them. */
  region(): HeapRegion {
    return new HeapRegion(this);
  }

  /** Address of `count` consecutive free chunks; undefined when there is no such stretch. */
  takeChunks(count: number): number | undefined {
    return this.locked(() => {
      let run = 0;
      for (let chunk = this.firstChunk; chunk < this.taken.length; chunk++) {
        run = this.taken[chunk] ? 0 : run + 1;
        if (run < count) continue;
        this.taken.fill(this.owner, chunk - count + 1, chunk + 1);
        return (chunk - count + 1) * CHUNK;
      }
      return undefined;
    });
  }

  freeChunks(address: number, count: number): void {
    this.locked(() => this.taken.fill(0, address / CHUNK, address / CHUNK + count));
  }

  /** Frees what an owner held whose thread died, the lock included. */
  reclaim(owner: number): void {
    if (Atomics.compareExchange(this.lock, 0, owner, 0) === owner) Atomics.notify(this.lock, 0, 1);
    this.locked(() => {
      for (let chunk = this.firstChunk; chunk < this.taken.length; chunk++) {
        if (this.taken[chunk] === owner) this.taken[chunk] = 0;
      }
    });
  }

  /** Bytes taken now, whole chunks. */
  get used(): number {
    let chunks = 0;
    for (const owner of this.taken) if (owner !== 0) chunks++;
    return chunks * CHUNK;
  }

  /** The critical sections are a few microseconds long: contenders wait on the lock word itself. */
  private locked<T>(body: () => T): T {
    for (;;) {
      const holder = Atomics.compareExchange(this.lock, 0, 0, this.owner);
      if (holder === 0) break;
      Atomics.wait(this.lock, 0, holder, 1);
    }
    try {
      return body();
    } finally {
      Atomics.store(this.lock, 0, 0);
      Atomics.notify(this.lock, 0, 1);
    }
  }
}

/** Bump allocation inside chunks of the heap; `free` returns everything. */
export class HeapRegion {
  private readonly chunks: { address: number; count: number }[] = [];
  private next = 0;
  private end = 0;

  constructor(readonly heap: ExecutionHeap) {}

  /** Address of `bytes` bytes, 64-byte aligned; contents are undefined. */
  allocate(bytes: number): number {
    const size = Math.ceil(Math.max(bytes, 1) / 64) * 64;
    if (this.next + size > this.end) {
      const count = Math.max(Math.ceil(size / CHUNK), Math.min(16, 2 ** this.chunks.length));
      const address = this.heap.takeChunks(count);
      if (address === undefined) throw new RangeError(`the execution heap has no ${count * CHUNK} free bytes in a row`);
      this.chunks.push({ address, count });
      this.next = address;
      this.end = address + count * CHUNK;
    }
    const at = this.next;
    this.next += size;
    return at;
  }

  free(): void {
    for (const { address, count } of this.chunks.splice(0)) this.heap.freeChunks(address, count);
    this.next = this.end = 0;
  }
}

/** Reserves the memory of a heap of at most `bytes` (up to 4 GiB). */
export function allocateHeap(bytes: number): WebAssembly.Memory {
  const pages = Math.min(65_536, Math.max(16, Math.ceil(bytes / CHUNK)));
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}
