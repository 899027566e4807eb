import { XORShiftRandom } from "../../common/index.js";

/** What a pass over one partition leaves: at most `size` elements, each equally likely, and how many there were. */
export interface Reservoir<T> {
  readonly sample: readonly T[];
  readonly count: number;
}

/** Collects a reservoir element by element (Vitter's algorithm R, with the draws of Spark's `SamplingUtils`). */
export class ReservoirSampler<T> {
  private readonly sample: T[] = [];
  private readonly random: XORShiftRandom;
  private seen = 0;

  constructor(
    private readonly size: number,
    seed: number | bigint,
  ) {
    this.random = new XORShiftRandom(seed);
  }

  add(element: T): void {
    this.seen++;
    if (this.sample.length < this.size) {
      this.sample.push(element);
      return;
    }
    const at = Math.floor(this.random.nextDouble() * this.seen);
    if (at < this.size) this.sample[at] = element;
  }

  finish(): Reservoir<T> {
    return { sample: this.sample, count: this.seen };
  }
}
