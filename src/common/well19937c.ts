/**
 * WELL19937c (Panneton, L'Ecuyer and Matsumoto, "Improved Long-Period Generators Based on Linear Recurrences Modulo 2",
 * 2006) with the seeding of commons-math3, from which Spark draws its Poisson samples.
 */
export class Well19937c {
  private readonly state = new Int32Array(SIZE);
  private index = 0;
  private spare: number | undefined;

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

  /** A standard normal draw (Box and Muller). */
  nextGaussian(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    const angle = 2 * Math.PI * this.nextDouble();
    const radius = Math.sqrt(-2 * Math.log(this.nextDouble()));
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** A draw from the exponential distribution of mean 1 (Ahrens and Dieter, 1972, algorithm SA). */
  nextExponential(): number {
    let whole = 0;
    let u = this.nextDouble();
    for (; u < 0.5; u *= 2) whole += Math.LN2;
    u += u - 1;
    if (u <= Math.LN2) return whole + u;
    let smallest = this.nextDouble();
    for (let sum = Math.LN2, term = Math.LN2, k = 2; ; k++) {
      smallest = Math.min(smallest, this.nextDouble());
      term *= Math.LN2 / k;
      sum += term;
      if (u <= sum) return whole + smallest * Math.LN2;
    }
  }
}
const SIZE = 624;
