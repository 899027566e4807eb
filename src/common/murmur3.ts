/**
 * MurmurHash3_x86_32 (Appleby) as Spark uses it: whole values for `hash` and partitioning, and two treatments of the
 * bytes that do not fill a word. All functions return a signed 32-bit number.
 */
const C1 = 0xcc9e2d51 | 0;
const C2 = 0x1b873593 | 0;

function mixK(k: number): number {
  const m = Math.imul(k, C1);
  return Math.imul((m << 15) | (m >>> 17), C2);
}

function mixH(h: number, k: number): number {
  const m = h ^ k;
  return (Math.imul((m << 13) | (m >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(h: number, length: number): number {
  let x = h ^ length;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** Hash of a 32-bit integer. */
export const murmur3Int = (value: number, seed: number): number => finish(mixH(seed, mixK(value | 0)), 4);

/** Hash of a 64-bit integer given as its low and high words. */
export const murmur3Words = (low: number, high: number, seed: number): number =>
  finish(mixH(mixH(seed, mixK(low | 0)), mixK(high | 0)), 8);

/** Hash of a 64-bit integer. */
export const murmur3Long = (value: bigint, seed: number): number =>
  murmur3Words(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)), seed);

const scratch = new DataView(new ArrayBuffer(8));
const NAN_HIGH = 0x7ff80000;

/** Hash of a double by its bits, as `Double.doubleToLongBits` gives them: one NaN, and -0.0 differs from 0.0. */
export function murmur3Double(value: number, seed: number): number {
  if (Number.isNaN(value)) return murmur3Words(0, NAN_HIGH, seed);
  scratch.setFloat64(0, value);
  return murmur3Words(scratch.getInt32(4), scratch.getInt32(0), seed);
}

/** Hash of a float by its bits, as `Float.floatToIntBits` gives them. */
export function murmur3Float(value: number, seed: number): number {
  if (Number.isNaN(value)) return murmur3Int(0x7fc00000, seed);
  scratch.setFloat32(0, value);
  return murmur3Int(scratch.getInt32(0), seed);
}

function hashWords(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let h = seed;
  for (let i = start; i < end; i += 4) {
    h = mixH(h, mixK(bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)));
  }
  return h;
}

/** Hash of `bytes[start, end)` as the algorithm was published; `pyspark.ml` hashes terms so (SPARK-23469). */
export function murmur3Bytes(bytes: Uint8Array, start: number, end: number, seed: number): number {
  const words = start + ((end - start) & ~3);
  let h = hashWords(bytes, start, words, seed);
  let k = 0;
  for (let i = words, shift = 0; i < end; i++, shift += 8) k ^= bytes[i] << shift;
  h ^= mixK(k);
  return finish(h, end - start);
}

/** Hash of `bytes[start, end)` as Spark SQL's `hash` does: each byte of the tail is mixed in like a word (SPARK-23381). */
export function murmur3SqlBytes(bytes: Uint8Array, start: number, end: number, seed: number): number {
  const words = start + ((end - start) & ~3);
  let h = hashWords(bytes, start, words, seed);
  for (let i = words; i < end; i++) h = mixH(h, mixK((bytes[i] << 24) >> 24));
  return finish(h, end - start);
}
