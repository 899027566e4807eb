/**
 * WELL19937c (Panneton, L'Ecuyer and Matsumoto, "Improved Long-Period Generators Based on Linear Recurrences Modulo 2",
 * 2006) with the seeding of commons-math3, from which Spark draws its Poisson samples.
 */
export class Well19937c {
  private readonly state = new Int32Array(SIZE);
  private index = 0;

  constructor(seed: bigint) {
    const v = this.state;
    v[0] = Number(BigInt.asIntN(32, seed >> 32n));
    v[1] = Number(BigInt.asIntN(32, seed));
    for (let i = 2; i < SIZE; i++) {
      const l = v[i - 2];
      // `l` is a sign-extended long in Java: its upper half takes part in the shift but not in the low 32 bits kept.
      v[i] = (Math.imul(1812433253, l ^ (l >> 30)) + i) | 0;
    }
  }

  private next(bits: number): number {
    const v = this.state;
    const i = this.index;
    const back1 = (i + SIZE - 1) % SIZE;
    const back2 = (i + SIZE - 2) % SIZE;
    const m1 = v[(i + 70) % SIZE];
    const m2 = v[(i + 179) % SIZE];
    const m3 = v[(i + 449) % SIZE];
    const z0 = (0x80000000 & v[back1]) ^ (0x7fffffff & v[back2]);
    const z1 = v[i] ^ (v[i] << 25) ^ m1 ^ (m1 >>> 27);
    const z2 = (m2 >>> 9) ^ m3 ^ (m3 >>> 1);
    const z3 = z1 ^ z2;
    let z4 = z0 ^ z1 ^ (z1 << 9) ^ z2 ^ (z2 << 21) ^ z3 ^ (z3 >>> 21);
    v[i] = z3;
    v[back1] = z4;
    v[back2] &= 0x80000000;
    this.index = back1;
    z4 ^= (z4 << 7) & 0xe46e1700;
    z4 ^= (z4 << 15) & 0x9b868000;
    return z4 >>> (32 - bits);
  }

  /** A double in [0, 1) of 52 random bits. */
  nextDouble(): number {
    const high = this.next(26);
    return (high * 2 ** 26 + this.next(26)) * 2 ** -52;
  }

  /** A Poisson draw; large means are drawn as sums, since the product method underflows. */
  nextPoisson(mean: number): number {
    if (mean > LARGEST_MEAN) return this.nextPoisson(LARGEST_MEAN) + this.nextPoisson(mean - LARGEST_MEAN);
    const limit = Math.exp(-mean);
    let n = 0;
    for (let product = this.nextDouble(); product >= limit && n < 1000 * mean; product *= this.nextDouble()) n++;
    return n;
  }
}
const SIZE = 624;
const LARGEST_MEAN = 40;
