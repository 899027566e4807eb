import { JavaRandom, XORShiftRandom } from "../../common/index.js";

/** Above this fraction Spark draws for every row, below it draws the gaps between the rows it keeps. */
const MAX_GAP_FRACTION = 0.4;
const EPSILON = 5e-11;

/**
 * Row numbers that Spark's `RDD.takeSample(withReplacement = false, count, seed)` picks from partitions of these sizes, in
 * the order in which it returns them.
 */
export function takeSample(partitionSizes: readonly number[], count: number, seed: number): number[] {
  const total = partitionSizes.reduce((sum, size) => sum + size, 0);
  if (count === 0 || total === 0) return [];
  const random = new JavaRandom(seed);
  if (count >= total) return random.shuffle(Array.from({ length: total }, (_, i) => i));
  const fraction = fractionFor(count, total);
  for (;;) {
    const sample = bernoulli(partitionSizes, fraction, random.nextInt());
    if (sample.length >= count) return random.shuffle(sample).slice(0, count);
  }
}

/** The fraction with which a Bernoulli sample falls short of `count` once in ten thousand times. */
function fractionFor(count: number, total: number): number {
  const fraction = count / total;
  const gamma = -Math.log(1e-4) / total;
  return Math.min(1, Math.max(1e-10, fraction + gamma + Math.sqrt(gamma * gamma + 2 * gamma * fraction)));
}

function bernoulli(partitionSizes: readonly number[], fraction: number, seed: number): number[] {
  const seeds = new JavaRandom(seed);
  const kept: number[] = [];
  let start = 0;
  for (const size of partitionSizes) {
    const random = new XORShiftRandom(seeds.nextLong());
    if (size > 0) for (const row of keptRows(size, fraction, random)) kept.push(start + row);
    start += size;
  }
  return kept;
}

function* keptRows(size: number, fraction: number, random: XORShiftRandom): Generator<number> {
  if (fraction >= 1) {
    for (let row = 0; row < size; row++) yield row;
  } else if (fraction > MAX_GAP_FRACTION) {
    for (let row = 0; row < size; row++) if (random.nextDouble() <= fraction) yield row;
  } else {
    const logQ = Math.log1p(-fraction);
    const gap = (): number => Math.trunc(Math.log(Math.max(random.nextDouble(), EPSILON)) / logQ);
    for (let row = gap(); row < size; row += 1 + gap()) yield row;
  }
}
