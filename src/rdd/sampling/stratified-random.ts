import { IllegalArgumentException, NoSuchElementException, PoissonSource, XORShiftRandom } from "../../common/index.js";
import { keyOf } from "../keys.js";

/** Uniform draws, and Poisson draws of any mean, all of one seed, as Spark's `StratifiedSamplingUtils` makes them. */
export class StratifiedRandom {
  private readonly uniform: XORShiftRandom;
  private readonly poissons = new Map<number, PoissonSource>();

  constructor(private readonly seed: bigint) {
    this.uniform = new XORShiftRandom(seed);
  }

  nextUniform(): number {
    return this.uniform.nextDouble();
  }
  nextPoisson(mean: number): number {
    let poisson = this.poissons.get(mean);
    if (!poisson) {
      if (!(mean > 0))
        throw new IllegalArgumentException(`The mean of a Poisson distribution must be positive; got ${mean}.`);
      poisson = new PoissonSource(mean, this.seed);
      this.poissons.set(mean, poisson);
    }
    return poisson.next();
  }
}

/** What is told for a key. */
export function ofKey<R>(rates: ReadonlyMap<unknown, R>, key: unknown): R {
  const rate = rates.get(keyOf(key));
  if (rate !== undefined) return rate;
  throw new NoSuchElementException(`key not found: ${String(key)}; give a fraction for every key`);
}

export const seedOfPartition = (seed: bigint, partition: number): bigint => BigInt.asIntN(64, seed + BigInt(partition));
