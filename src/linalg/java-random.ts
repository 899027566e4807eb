const MULTIPLIER = 0x5deece66dn;
const MASK = (1n << 48n) - 1n;

/** `java.util.Random`: the same numbers for the same seed. */
export class JavaRandom {
  private state: bigint;
  private spare: number | undefined;

  constructor(seed: number | bigint) {
    this.state = (BigInt(seed) ^ MULTIPLIER) & MASK;
  }

  private next(bits: number): number {
    this.state = (this.state * MULTIPLIER + 0xbn) & MASK;
    return Number(this.state >> BigInt(48 - bits));
  }

  nextDouble(): number {
    return (this.next(26) * 2 ** 27 + this.next(27)) * 2 ** -53;
  }

  nextGaussian(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    let a: number;
    let b: number;
    let s: number;
    do {
      a = 2 * this.nextDouble() - 1;
      b = 2 * this.nextDouble() - 1;
      s = a * a + b * b;
    } while (s >= 1 || s === 0);
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    this.spare = b * scale;
    return a * scale;
  }
}
