const MULTIPLIER = 0xc6a4a7935bd1e995n;
const SEED = 0xe17a1465n;
const MASK = 0xffffffffffffffffn;
const encoder = new TextEncoder();

/**
 * MurmurHash2 (Appleby's 64-bit version A) of a value's text, as the sketch library under Spark's RDDs hashes what it is
 * offered: an unsigned 64-bit number, 0 for null.
 */
export function streamHash64(text: string | Uint8Array | null): bigint {
  if (text === null) return 0n;
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const { length } = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  let h = SEED ^ ((BigInt(length) * MULTIPLIER) & MASK);
  const whole = length - (length % 8);
  for (let i = 0; i < whole; i += 8) {
    let k = (view.getBigUint64(i, true) * MULTIPLIER) & MASK;
    k = ((k ^ (k >> 47n)) * MULTIPLIER) & MASK;
    h = ((h ^ k) * MULTIPLIER) & MASK;
  }
  if (whole < length) {
    for (let i = length - 1; i >= whole; i--) h ^= BigInt(bytes[i]) << BigInt(8 * (i - whole));
    h = (h * MULTIPLIER) & MASK;
  }
  h = ((h ^ (h >> 47n)) * MULTIPLIER) & MASK;
  return h ^ (h >> 47n);
}
