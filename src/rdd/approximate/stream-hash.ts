const SEED = 0xe17a1465 | 0;
const MULTIPLIER_HIGH = 0xc6a4a793 | 0;
const MULTIPLIER_LOW = 0x5bd1e995 | 0;
const LOW_0 = MULTIPLIER_LOW & 0xffff;
const LOW_1 = MULTIPLIER_LOW >>> 16;
/** The hash shifts by 47 bits: what is left of the upper word after 15 of them goes to the lower. */
const SHIFT = 15;

const encoder = new TextEncoder();
let scratch = new Uint8Array(1024);

/** Upper and lower word of the product that was last made. */
let high = 0;
let low = 0;

/** Multiplies by the constant modulo 2^64, in products of 16 bits. */
function multiply(aHigh: number, aLow: number): void {
  const a0 = aLow & 0xffff;
  const a1 = aLow >>> 16;
  const p00 = a0 * LOW_0;
  const middle = a1 * LOW_0 + a0 * LOW_1 + Math.floor(p00 / 0x10000);
  const carry = a1 * LOW_1 + Math.floor(middle / 0x10000);
  low = ((middle & 0xffff) << 16) | (p00 & 0xffff);
  high = (carry + Math.imul(aHigh, MULTIPLIER_LOW) + Math.imul(aLow, MULTIPLIER_HIGH)) | 0;
}

/** Folds the upper bits of the last product in: `h ^= h >>> 47`. */
function fold(): void {
  low ^= high >>> SHIFT;
}

/**
 * MurmurHash2 (Appleby's 64-bit version A) of a value's text, as the sketch library under Spark's RDDs hashes what it is
 * offered: gives the upper and the lower 32 bits, 0 for null.
 */
export function streamHash64(value: string | Uint8Array | null, use: (high: number, low: number) => void): void {
  if (value === null) use(0, 0);
  else if (typeof value !== "string") hashBytes(value, value.length, use);
  else {
    if (value.length * 3 > scratch.length) scratch = new Uint8Array(value.length * 3);
    hashBytes(scratch, encoder.encodeInto(value, scratch).written, use);
  }
}

function hashBytes(bytes: Uint8Array, length: number, use: (high: number, low: number) => void): void {
  multiply(0, length);
  let hHigh = high;
  let hLow = low ^ SEED;
  const whole = length & ~7;
  for (let i = 0; i < whole; i += 8) {
    multiply(
      bytes[i + 4] | (bytes[i + 5] << 8) | (bytes[i + 6] << 16) | (bytes[i + 7] << 24),
      bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24),
    );
    fold();
    multiply(high, low);
    multiply(hHigh ^ high, hLow ^ low);
    hHigh = high;
    hLow = low;
  }
  if (whole < length) {
    for (let i = whole; i < length; i++) {
      const at = i - whole;
      if (at < 4) hLow ^= bytes[i] << (8 * at);
      else hHigh ^= bytes[i] << (8 * (at - 4));
    }
    multiply(hHigh, hLow);
    hHigh = high;
    hLow = low;
  }
  high = hHigh;
  low = hLow;
  fold();
  multiply(high, low);
  fold();
  use(high, low);
}
