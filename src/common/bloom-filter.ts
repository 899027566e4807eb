import { IllegalArgumentException } from "./errors.js";
import { murmur3Long, murmur3SqlBytes } from "./murmur3.js";

/** What a sketch takes: integers, text, bytes. */
export type SketchItem = number | bigint | string | Uint8Array;

const V1 = 1;
const V2 = 2;
const HEADER_BYTES = 16;
const MAX_INT = 2147483647n;
const encoder = new TextEncoder();

/**
 * A set that may say yes to what it does not hold, and never no to what it does (`org.apache.spark.util.sketch.BloomFilter`);
 * its bytes are Spark 4.3's.
 *
 *   int32 version | int32 hash functions | int32 seed (version 2) | int32 words | int64 words..., big-endian
 */
export class BloomFilter {
  private constructor(
    private readonly hashes: number,
    private readonly seed: number,
    /** Halves of 64-bit words, the low one first. */
    private readonly bits: Uint32Array,
    private readonly version = V2,
  ) {}

  /** For so many items, with that rate of wrong yeses (3 % by default), or that many bits. */
  static create(
    expectedNumItems: number,
    options: { readonly fpp?: number; readonly numBits?: number } = {},
  ): BloomFilter {
    const { fpp = 0.03 } = options;
    if (!(expectedNumItems > 0)) {
      throw new IllegalArgumentException(`Expected insertions must be positive, got ${expectedNumItems}`);
    }
    if (!(fpp > 0 && fpp < 1)) {
      throw new IllegalArgumentException(`False positive probability must be within range (0.0, 1.0), got ${fpp}`);
    }
    const numBits = options.numBits ?? Math.trunc((-expectedNumItems * Math.log(fpp)) / (Math.LN2 * Math.LN2));
    if (!(numBits > 0)) throw new IllegalArgumentException(`Number of bits must be positive, got ${numBits}`);
    const hashes = Math.max(1, Math.round((numBits / expectedNumItems) * Math.LN2));
    return new BloomFilter(hashes, 0, new Uint32Array(2 * Math.ceil(numBits / 64)));
  }

  /** The filter that {@link toByteArray}, or Spark, wrote. */
  static readFrom(bytes: Uint8Array): BloomFilter {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const version = view.getInt32(0);
    if (version !== V1 && version !== V2) {
      throw new IllegalArgumentException(`Unexpected Bloom filter version number (${version})`);
    }
    const start = version === V2 ? HEADER_BYTES : HEADER_BYTES - 4;
    const bits = new Uint32Array(2 * view.getInt32(start - 4));
    for (let i = 0; i < bits.length; i++) bits[i ^ 1] = view.getUint32(start + 4 * i);
    return new BloomFilter(view.getInt32(4), version === V2 ? view.getInt32(8) : 0, bits, version);
  }

  bitSize(): number {
    return this.bits.length * 32;
  }
  /** Adds an item; tells whether that changed anything. */
  put(item: SketchItem): boolean {
    let changed = false;
    for (const bit of this.positions(item)) {
      const mask = 1 << (bit & 31);
      const word = Math.floor(bit / 32);
      changed ||= (this.bits[word] & mask) === 0;
      this.bits[word] |= mask;
    }
    return changed;
  }
  putLong(item: number | bigint): boolean {
    return this.put(item);
  }
  putString(item: string): boolean {
    return this.put(item);
  }
  putBinary(item: Uint8Array): boolean {
    return this.put(item);
  }
  /** False only for what was never put. */
  mightContain(item: SketchItem): boolean {
    for (const bit of this.positions(item)) {
      if ((this.bits[Math.floor(bit / 32)] & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
  mightContainLong(item: number | bigint): boolean {
    return this.mightContain(item);
  }
  mightContainString(item: string): boolean {
    return this.mightContain(item);
  }
  mightContainBinary(item: Uint8Array): boolean {
    return this.mightContain(item);
  }
  /** Rate of wrong yeses with what was put so far. */
  expectedFpp(): number {
    let ones = 0;
    for (const word of this.bits) for (let rest = word; rest !== 0; rest &= rest - 1) ones++;
    return (ones / this.bitSize()) ** this.hashes;
  }
  isCompatible(other: BloomFilter): boolean {
    return this.bits.length === other.bits.length && this.hashes === other.hashes && this.version === other.version;
  }
  /** Adds everything that another filter of the same shape holds. */
  mergeInPlace(other: BloomFilter): this {
    if (!this.isCompatible(other)) throw new IllegalArgumentException("Cannot merge bloom filters of different shapes");
    for (let i = 0; i < this.bits.length; i++) this.bits[i] |= other.bits[i];
    return this;
  }

  toByteArray(): Uint8Array {
    const start = this.version === V2 ? HEADER_BYTES : HEADER_BYTES - 4;
    const bytes = new Uint8Array(start + 4 * this.bits.length);
    const view = new DataView(bytes.buffer);
    view.setInt32(0, this.version);
    view.setInt32(4, this.hashes);
    if (this.version === V2) view.setInt32(8, this.seed);
    view.setInt32(start - 4, this.bits.length / 2);
    for (let i = 0; i < this.bits.length; i++) view.setUint32(start + 4 * i, this.bits[i ^ 1]);
    return bytes;
  }

  private *positions(item: SketchItem): Generator<number> {
    const first = hashOf(item, this.seed);
    const second = hashOf(item, first);
    const size = BigInt(this.bitSize());
    let combined = this.version === V2 ? BigInt(first) * MAX_INT : BigInt(first);
    for (let i = 0; i < this.hashes; i++) {
      combined += BigInt(second);
      if (this.version === V1) combined = BigInt.asIntN(32, combined);
      yield Number((combined < 0n ? ~combined : combined) % size);
    }
  }
}

function hashOf(item: SketchItem, seed: number): number {
  if (typeof item === "number" || typeof item === "bigint") return murmur3Long(BigInt(item), seed);
  const bytes = typeof item === "string" ? encoder.encode(item) : item;
  return murmur3SqlBytes(bytes, 0, bytes.length, seed);
}
