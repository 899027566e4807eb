import { murmur3SqlBytes } from "./murmur3.js";

const encoder = new TextEncoder();

/** Values and their counts, as they travel. */
export type CountedItems = readonly (readonly [item: unknown, count: number])[];

/**
 * Values that make up more than a share of all (with some that do not), in one pass and little memory: Karp, Shenker and Papadimitriou,
 * "A simple algorithm for finding frequent elements in streams and bags" (2003), step by step as Spark's `CollectFrequentItems`.
 */
export class FrequentItems {
  private counts = new Map<unknown, { item: unknown; count: number }>();
  /** Most values that were kept at any time: it decides the order in which Scala's hash map gives them. */
  private most = 0;

  constructor(private readonly size: number) {}

  add(item: unknown, count = 1): void {
    const key = keyOf(item);
    const known = this.counts.get(key);
    if (known) {
      known.count += count;
      return;
    }
    if (this.counts.size < this.size) {
      this.keep(key, item, count);
      return;
    }
    const least = [...this.counts.values()].reduce((n, kept) => Math.min(n, kept.count), Number.POSITIVE_INFINITY);
    const removed = count >= least ? least : count;
    if (count >= least) this.keep(key, item, count);
    for (const [k, kept] of this.counts) {
      if (count >= least && kept.count <= least) this.counts.delete(k);
      else kept.count -= removed;
    }
  }
  merge(items: CountedItems): void {
    for (const [item, count] of items) this.add(item, count);
  }

  /** In the order of Scala's `mutable.HashMap`: by bucket, then by hash. */
  items(): CountedItems {
    let buckets = 16;
    while (this.most > buckets * 0.75) buckets *= 2;
    const placed = [...this.counts.values()].map(({ item, count }) => {
      const hash = scalaHash(item);
      const improved = hash ^ (hash >>> 16);
      return { item, count, improved, bucket: improved & (buckets - 1) };
    });
    placed.sort((a, b) => a.bucket - b.bucket || a.improved - b.improved);
    return placed.map(({ item, count }) => [item, count]);
  }

  private keep(key: unknown, item: unknown, count: number): void {
    this.counts.set(key, { item, count });
    this.most = Math.max(this.most, this.counts.size);
  }
}

const keyOf = (item: unknown): unknown =>
  typeof item === "object" && item !== null
    ? JSON.stringify(item, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v))
    : item;

/** Scala's `##`; strings are Spark's UTF8String. */
function scalaHash(item: unknown): number {
  switch (typeof item) {
    case "boolean":
      return item ? 1231 : 1237;
    case "bigint":
      return longHash(item);
    case "number":
      return doubleHash(item);
    case "string": {
      const bytes = encoder.encode(item);
      return murmur3SqlBytes(bytes, 0, bytes.length, 42);
    }
    default:
      return 0;
  }
}

const longHash = (value: bigint): number =>
  value === BigInt.asIntN(32, value) ? Number(value) : Number(BigInt.asIntN(32, value ^ (value >> 32n)));

/** The hash of the smallest type that holds the number: int, long, float, double. */
function doubleHash(value: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return longHash(BigInt(value));
  const bits = new DataView(new ArrayBuffer(8));
  if (Math.fround(value) === value) {
    bits.setFloat32(0, value);
    return bits.getInt32(0);
  }
  bits.setFloat64(0, value);
  return bits.getInt32(0) ^ bits.getInt32(4);
}
