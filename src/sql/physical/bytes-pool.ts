/** Arrays of a {@link BytesPool} as they travel between threads. */
export interface BytesPoolState {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
  readonly hashes: Int32Array;
  readonly slots: Int32Array;
}

/** Numbers distinct byte strings 0, 1, 2, ... in the order of their first appearance (open addressing, FNV-like hash). */
export class BytesPool {
  private count = 0;
  private bytes = new Uint8Array(256);
  private offsets = new Int32Array(65);
  private hashes = new Int32Array(64);
  private slots = new Int32Array(128).fill(-1);

  get byteLength(): number {
    return this.bytes.byteLength + this.offsets.byteLength + this.hashes.byteLength + this.slots.byteLength;
  }

  /** Number of `source[start, end)`; -1 when it is absent and `insert` is false. */
  idOf(source: Uint8Array, start: number, end: number, insert: boolean): number {
    const length = end - start;
    let h = Math.imul(length, -1640531535) ^ 0x811c9dc5;
    for (let i = start; i < end; i++) h = Math.imul(h ^ source[i], 16777619);
    h ^= h >>> 15;
    const mask = this.slots.length - 1;
    let slot = h & mask;
    for (;;) {
      const id = this.slots[slot];
      if (id < 0) break;
      if (this.hashes[id] === h && this.equals(id, source, start, length)) return id;
      slot = (slot + 1) & mask;
    }
    return insert ? this.add(source, start, end, h, slot) : -1;
  }

  private equals(id: number, source: Uint8Array, start: number, length: number): boolean {
    const { bytes, offsets } = this;
    const at = offsets[id];
    if (offsets[id + 1] - at !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== source[start + i]) return false;
    return true;
  }

  private add(source: Uint8Array, start: number, end: number, h: number, slot: number): number {
    const id = this.count++;
    const at = this.offsets[id];
    const length = end - start;
    if (id >= this.hashes.length) {
      this.hashes = resized(this.hashes, this.hashes.length * 2);
      this.offsets = resized(this.offsets, this.hashes.length + 1);
    }
    if (at + length > this.bytes.length) this.bytes = resized(this.bytes, Math.max(this.bytes.length * 2, at + length));
    for (let i = 0; i < length; i++) this.bytes[at + i] = source[start + i];
    this.offsets[id + 1] = at + length;
    this.hashes[id] = h;
    this.slots[slot] = id;
    if (this.count * 2 > this.slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    const mask = this.slots.length * 2 - 1;
    this.slots = new Int32Array(mask + 1).fill(-1);
    for (let id = 0; id < this.count; id++) {
      let slot = this.hashes[id] & mask;
      while (this.slots[slot] >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = id;
    }
  }

  state(): BytesPoolState {
    const { count, bytes, offsets, hashes, slots } = this;
    return {
      count,
      bytes: bytes.subarray(0, offsets[count]),
      offsets: offsets.subarray(0, count + 1),
      hashes: hashes.subarray(0, count),
      slots,
    };
  }

  /** A pool for look-ups over shared arrays; it must not grow. */
  static over(state: BytesPoolState): BytesPool {
    const pool = new BytesPool();
    Object.assign(pool, state);
    return pool;
  }
}

export function resized<T extends Int32Array | Uint8Array | Float64Array>(array: T, length: number): T {
  const next = new (array.constructor as new (length: number) => T)(length);
  next.set(array.subarray(0, Math.min(array.length, length)) as never);
  return next;
}
