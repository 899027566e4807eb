import { IllegalArgumentException, JavaRandom } from "../../common/index.js";
import { oneToOne } from "../dependency.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { Sampler } from "./gap-sampler.js";
import { bernoulliCellSampler, bernoulliSampler, poissonSampler } from "./random-sampler.js";
import { fractionForSampleSize } from "./sample-bounds.js";

/** A seed; a random one where none is given. */
export const seedOf = (seed: number | bigint | undefined): bigint =>
  seed === undefined || seed === null
    ? BigInt(Math.floor(Math.random() * 2 ** 53))
    : BigInt.asIntN(64, BigInt(typeof seed === "number" ? Math.trunc(seed) : seed));

/** How far a fraction may be off from rounding. */
const ROUNDING = 1e-6;

/** A random sample: each element with probability `fraction`, or with replacement that many times on average. */
export function sample<T>(rdd: RDD<T>, withReplacement: boolean, fraction: number, seed: bigint): RDD<T> {
  if (!(fraction >= 0)) {
    throw new IllegalArgumentException(`requirement failed: Fraction must be nonnegative, but got ${fraction}`);
  }
  if (!withReplacement && fraction > 1 + ROUNDING) {
    throw new IllegalArgumentException(
      `requirement failed: Sampling fraction (${fraction}) must be on interval [0, 1] when sampling without replacement`,
    );
  }
  return rdd.derive<T>({
    className: "PartitionwiseSampledRDD",
    operator: "rdd.sample",
    params: { withReplacement, fraction },
    async plan() {
      const { splits, partitioner } = await rdd.resolved();
      const seeds = new JavaRandom(seed);
      return { dependencies: [oneToOne(rdd)], splits: splits.map(() => seeds.nextLong()), partitioner };
    },
  });
}

defineRddOperator<{ readonly withReplacement: boolean; readonly fraction: number }, bigint>({
  name: "rdd.sample",
  *iterate({ params: { withReplacement, fraction }, split: seed, parent }) {
    const sampler = withReplacement ? poissonSampler(fraction, seed) : bernoulliSampler(fraction, seed);
    for (const element of parent().iterate()) for (let times = sampler(); times > 0; times--) yield element;
  },
  push({ params: { withReplacement, fraction }, split: seed, parent }, sink) {
    const sampler: Sampler = withReplacement ? poissonSampler(fraction, seed) : bernoulliSampler(fraction, seed);
    return parent().push((element) => {
      for (let times = sampler(); times > 0; times--) if (!sink(element)) return false;
      return true;
    });
  },
});

/** Disjoint random parts whose sizes are about as the weights. */
export function randomSplit<T>(rdd: RDD<T>, weights: readonly number[], seed: bigint): RDD<T>[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.some((weight) => !(weight >= 0))) {
    throw new IllegalArgumentException(
      `requirement failed: Weights must be nonnegative, but got [${weights.join(",")}]`,
    );
  }
  if (!(total > 0)) {
    throw new IllegalArgumentException(
      `requirement failed: Sum of weights must be positive, but got [${weights.join(",")}]`,
    );
  }
  let upper = 0;
  return weights.map((weight) => {
    const lower = upper;
    upper += weight / total;
    return rdd.narrow<T>("rdd.sampleCell", { lower, upper, seed }, { preservesPartitioning: true });
  });
}

defineRddOperator<{ readonly lower: number; readonly upper: number; readonly seed: bigint }>({
  name: "rdd.sampleCell",
  transduce({ params: { lower, upper, seed }, partition }, sink) {
    const sampler = bernoulliCellSampler(lower, upper, BigInt.asIntN(64, seed + BigInt(partition)));
    return (element) => (sampler() > 0 ? sink(element) : true);
  },
});

const MAX_INT = 2 ** 31 - 1;
const DEVIATIONS = 10;

/** Exactly `num` elements drawn at random, in random order; all of them when there are fewer and none is drawn twice. */
export async function takeSample<T>(rdd: RDD<T>, withReplacement: boolean, num: number, seed: bigint): Promise<T[]> {
  if (!(num >= 0)) {
    throw new IllegalArgumentException(`requirement failed: Negative number of elements requested: ${num}`);
  }
  const most = MAX_INT - Math.trunc(DEVIATIONS * Math.sqrt(MAX_INT));
  if (num > most) {
    throw new IllegalArgumentException(
      `requirement failed: Cannot support a sample size > Int.MaxValue - ${DEVIATIONS} * math.sqrt(Int.MaxValue); got ${num}`,
    );
  }
  if (num === 0) return [];
  const total = await rdd.count();
  if (total === 0) return [];
  const random = new JavaRandom(seed);
  if (!withReplacement && num >= total) return random.shuffle(await rdd.collect());
  const fraction = fractionForSampleSize(num, total, withReplacement);
  let drawn: T[];
  do drawn = await sample(rdd, withReplacement, fraction, BigInt(random.nextInt())).collect();
  while (drawn.length < num);
  return random.shuffle(drawn).slice(0, num);
}
