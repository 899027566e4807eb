/** An estimate with the interval that holds the true value with the given confidence. */
export class BoundedDouble {
  constructor(
    readonly mean: number,
    /** Probability that the true value lies within the bounds; 1 when it is exact. */
    readonly confidence: number,
    readonly low: number,
    readonly high: number,
  ) {}

  valueOf(): number {
    return this.mean;
  }
  toString(): string {
    return `[${this.low.toFixed(3)}, ${this.high.toFixed(3)}]`;
  }
}
