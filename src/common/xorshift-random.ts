/** `java.util.Random`'s derived draws over any source of bits, so that seeded results equal Spark's. */
abstract class BitSource {
  private spare: number | undefined;

  /** The next `bits` (1 to 32) random bits as a signed 32-bit integer. */
  abstract next(bits: number): number;

  /** A signed 32-bit integer, or one in `[0, bound)`. */
  nextInt(bound?: number): number {
    if (bound === undefined) return this.next(32);
    if (!(bound > 0)) throw new RangeError(`bound must be positive, got ${bound}`);
    let bits = this.next(31);
    if ((bound & (bound - 1)) === 0) return Math.floor((bound * bits) / 2 ** 31);
    let value = bits % bound;
    while (bits - value + (bound - 1) > 0x7fffffff) {
      bits = this.next(31);
      value = bits % bound;
    }
    return value;
  }

  nextLong(): bigint {
    const high = BigInt(this.next(32));
    return BigInt.asIntN(64, (high << 32n) + BigInt(this.next(32)));
  }

  /** A double in [0, 1). */
  nextDouble(): number {
    const high = this.next(26);
    return (high * 2 ** 27 + this.next(27)) * 2 ** -53;
  }

  /** A single-precision number in [0, 1). */
  nextFloat(): number {
    return this.next(24) / 2 ** 24;
  }

  nextBoolean(): boolean {
    return this.next(1) !== 0;
  }

  /** A standard normal draw by Marsaglia's polar method. */
  nextGaussian(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    for (;;) {
      const a = 2 * this.nextDouble() - 1;
      const b = 2 * this.nextDouble() - 1;
      const s = a * a + b * b;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.spare = b * scale;
      return a * scale;
    }
  }
}

/** Spark's `XORShiftRandom`: Marsaglia's 64-bit xorshift whose seed is hashed first. */
export class XORShiftRandom extends BitSource {
  private high = 0;
  private low = 0;

  constructor(seed: number | bigint) {
    super();
    this.setSeed(seed);
  }

  setSeed(seed: number | bigint): void {
    const hashed = hashSeed(BigInt(seed));
    this.high = Number(BigInt.asIntN(32, hashed >> 32n));
    this.low = Number(BigInt.asIntN(32, hashed));
  }

  /** The 64 bits from which the next draw is made, for a kernel that goes on drawing. */
  get state(): bigint {
    return BigInt.asIntN(64, (BigInt(this.high) << 32n) | BigInt(this.low >>> 0));
  }

  override next(bits: number): number {
    let { high, low } = this;
    high ^= (high << 21) | (low >>> 11);
    low ^= low << 21;
    low ^= high >>> 3;
    high ^= (high << 4) | (low >>> 28);
    low ^= low << 4;
    this.high = high;
    this.low = low;
    return bits === 32 ? low : low & ((1 << bits) - 1);
  }
}

/** `java.util.Random` (and so Scala's `Random`): Knuth's 48-bit linear congruential generator. */
export class JavaRandom extends BitSource {
  private high: number;
  private low: number;

  constructor(seed: number | bigint) {
    super();
    const scrambled = (BigInt(seed) ^ 0x5deece66dn) & 0xffffffffffffn;
    this.high = Number(scrambled >> 24n);
    this.low = Number(scrambled & 0xffffffn);
  }

  override next(bits: number): number {
    // seed * 0x5DEECE66D + 11 modulo 2^48 in halves of 24 bits: every product stays below 2^53.
    const multiplierHigh = 0x5de;
    const multiplierLow = 0xece66d;
    const product = this.low * multiplierLow + 11;
    const carry = Math.floor(product / 0x1000000);
    this.high = (this.high * multiplierLow + this.low * multiplierHigh + carry) % 0x1000000;
    this.low = product % 0x1000000;
    return Math.floor((this.high * 0x1000000 + this.low) / 2 ** (48 - bits)) | 0;
  }

  /** Shuffles in place from the last element down, as Spark's `Utils.randomizeInPlace`. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i >= 1; i--) {
      const j = this.nextInt(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }
}

/** Scala's `MurmurHash3.arraySeed`. */
const ARRAY_SEED = 0x3c074a61;

/** `XORShiftRandom.hashSeed`: two rounds of MurmurHash3 over the seed's eight big-endian bytes. */
export function hashSeed(seed: bigint): bigint {
  const first = reverseBytes(Number(BigInt.asIntN(32, seed >> 32n)));
  const second = reverseBytes(Number(BigInt.asIntN(32, seed)));
  const low = murmur3(first, second, ARRAY_SEED);
  const high = murmur3(first, second, low);
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0));
}

/** Scala's `byteswap64`: a cheap mixing of a 64-bit value. */
export function byteswap64(value: bigint): bigint {
  const multiplier = 0x9e3775cd9e3775cdn;
  const mixed = BigInt.asUintN(64, value * multiplier);
  let swapped = 0n;
  for (let shift = 0n; shift < 64n; shift += 8n) swapped = (swapped << 8n) | ((mixed >> shift) & 0xffn);
  return BigInt.asIntN(64, swapped * multiplier);
}

const reverseBytes = (x: number): number => (x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24);
const rotateLeft = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

function murmur3(first: number, second: number, seed: number): number {
  let h = seed;
  for (const word of [first, second]) {
    const k = Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    h = (Math.imul(rotateLeft(h ^ k, 13), 5) + 0xe6546b64) | 0;
  }
  h ^= 8;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
