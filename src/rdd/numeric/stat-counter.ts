/** Count, mean, sum of squared deviations, minimum and maximum: the plain form in which a {@link StatCounter} travels. */
export interface StatCounterState {
  readonly n: number;
  readonly mu: number;
  readonly m2: number;
  readonly min: number;
  readonly max: number;
}

/** Statistics of numbers, mergeable and numerically robust (Welford; Chan, Golub and LeVeque), as Spark's `StatCounter`. */
export class StatCounter {
  private n = 0;
  private mu = 0;
  private m2 = 0;
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;

  constructor(values: Iterable<number> = []) {
    for (const value of values) this.merge(value);
  }

  static fromState(state: StatCounterState): StatCounter {
    const counter = new StatCounter();
    counter.n = state.n;
    counter.mu = state.mu;
    counter.m2 = state.m2;
    counter.low = state.min;
    counter.high = state.max;
    return counter;
  }
  get state(): StatCounterState {
    return { n: this.n, mu: this.mu, m2: this.m2, min: this.low, max: this.high };
  }

  /** Adds one value. */
  merge(value: number): this {
    const delta = value - this.mu;
    this.n += 1;
    this.mu += delta / this.n;
    this.m2 += delta * (value - this.mu);
    this.high = Math.max(this.high, value);
    this.low = Math.min(this.low, value);
    return this;
  }

  /** Adds what another counter has seen. */
  mergeStats(other: StatCounter): this {
    if (other === this) return this.mergeStats(other.copy());
    if (this.n === 0) {
      this.n = other.n;
      this.mu = other.mu;
      this.m2 = other.m2;
      this.high = other.high;
      this.low = other.low;
    } else if (other.n !== 0) {
      const { n } = this;
      const total = n + other.n;
      const delta = other.mu - this.mu;
      if (other.n * 10 < n) this.mu += (delta * other.n) / total;
      else if (n * 10 < other.n) this.mu = other.mu - (delta * n) / total;
      else this.mu = (this.mu * n + other.mu * other.n) / total;
      this.m2 += other.m2 + (delta * delta * n * other.n) / total;
      this.n = total;
      this.high = Math.max(this.high, other.high);
      this.low = Math.min(this.low, other.low);
    }
    return this;
  }

  copy(): StatCounter {
    return StatCounter.fromState(this.state);
  }

  count(): number {
    return this.n;
  }
  mean(): number {
    return this.mu;
  }
  sum(): number {
    return this.n * this.mu;
  }
  min(): number {
    return this.low;
  }
  max(): number {
    return this.high;
  }
  /** Population variance; NaN of nothing. */
  variance(): number {
    return this.n === 0 ? Number.NaN : this.m2 / this.n;
  }
  /** Variance with Bessel's correction; NaN of fewer than two values. */
  sampleVariance(): number {
    return this.n <= 1 ? Number.NaN : this.m2 / (this.n - 1);
  }
  stdev(): number {
    return Math.sqrt(this.variance());
  }
  sampleStdev(): number {
    return Math.sqrt(this.sampleVariance());
  }
  asDict(sample = false): Record<string, number> {
    return {
      count: this.count(),
      mean: this.mean(),
      sum: this.sum(),
      min: this.min(),
      max: this.max(),
      stdev: sample ? this.sampleStdev() : this.stdev(),
      variance: sample ? this.sampleVariance() : this.variance(),
    };
  }

  toString(): string {
    return `(count: ${this.n}, mean: ${this.mu}, stdev: ${this.stdev()}, max: ${this.high}, min: ${this.low})`;
  }
}
