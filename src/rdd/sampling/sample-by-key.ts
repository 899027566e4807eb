import { IllegalArgumentException } from "../../common/index.js";
import { oneToOne } from "../dependency.js";
import { keyOf } from "../keys.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import { acceptance, type KeyRates } from "./acceptance.js";
import { ofKey, seedOfPartition, StratifiedRandom } from "./stratified-random.js";

/** How much of each key is wanted. */
export type Fractions<K> = ReadonlyMap<K, number> | Readonly<Record<string, number>>;

type Pair = readonly [unknown, unknown];

interface Params {
  readonly withReplacement: boolean;
  readonly seed: bigint;
  readonly rates: ReadonlyMap<unknown, KeyRates>;
}

/** How often each pair is taken, one after the other. */
function taker({ withReplacement, seed, rates }: Params, partition: number): (key: unknown) => number {
  const random = new StratifiedRandom(seedOfPartition(seed, partition));
  if (!withReplacement) return (key) => (random.nextUniform() < ofKey(rates, key).rate ? 1 : 0);
  return (key) => {
    const { rate, exact } = ofKey(rates, key);
    if (!exact) return random.nextPoisson(rate);
    let copies = exact.acceptBound === 0 ? 0 : random.nextPoisson(exact.acceptBound);
    for (let waiting = random.nextPoisson(exact.waitListBound); waiting > 0; waiting--) {
      if (random.nextUniform() < rate) copies++;
    }
    return copies;
  };
}

defineRddOperator<Params>({
  name: "rdd.sampleByKey",
  *iterate({ params, partition, parent }) {
    const take = taker(params, partition);
    for (const pair of parent().iterate() as IterableIterator<Pair>) {
      for (let times = take(pair[0]); times > 0; times--) yield pair;
    }
  },
});

/**
 * A sample of the pairs with a fraction for each key. With `exact`, each key gets exactly `ceil(count * fraction)` pairs, at the
 * price of one job more (two with replacement), which runs when the sample is first used.
 */
export function sampleByKey<K, V>(
  rdd: RDD<[K, V]>,
  withReplacement: boolean,
  fractions: Fractions<K>,
  seed: bigint,
  exact: boolean,
): RDD<[K, V]> {
  const entries = fractions instanceof Map ? [...(fractions as ReadonlyMap<unknown, number>)] : ofObject(fractions);
  const negative = entries.find(([, fraction]) => !(fraction >= 0));
  if (negative) {
    throw new IllegalArgumentException(
      `requirement failed: Negative sampling rates: ${String(negative[0])} -> ${negative[1]}.`,
    );
  }
  const wanted = new Map(entries.map(([key, fraction]) => [keyOf(key), fraction]));
  return rdd.derive<[K, V]>({
    className: "MapPartitionsRDD",
    operator: "rdd.sampleByKey",
    async plan() {
      const { splits, partitioner } = await rdd.resolved();
      const rates = exact
        ? await acceptance(rdd, withReplacement, wanted, seed)
        : new Map([...wanted].map(([key, rate]) => [key, { rate }]));
      const params: Params = { withReplacement, seed, rates };
      return { dependencies: [oneToOne(rdd)], splits: splits.map(() => undefined), partitioner, params };
    },
  });
}

/** Entries of a plain object, whose numeric keys stand for numbers too. */
function ofObject(fractions: object): [unknown, number][] {
  const entries = Object.entries(fractions) as [string, number][];
  return entries.flatMap(([key, fraction]): [unknown, number][] =>
    String(Number(key)) === key
      ? [
          [key, fraction],
          [Number(key), fraction],
        ]
      : [[key, fraction]],
  );
}
