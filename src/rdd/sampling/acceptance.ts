import { defineRddAction } from "../action.js";
import { countByValue } from "../pair/key-actions.js";
import { KeyedMap } from "../keyed-map.js";
import { keyOf } from "../keys.js";
import type { RDD } from "../rdd.js";
import { binomialBounds, poissonBounds } from "./sample-bounds.js";
import { ofKey, seedOfPartition, StratifiedRandom } from "./stratified-random.js";

/** With which rate a key is sampled; with replacement and exactly, also the bounds its draws were made with. */
export interface KeyRates {
  readonly rate: number;
  readonly exact?: { readonly acceptBound: number; readonly waitListBound: number };
}

/** Draws of a key: those surely taken, those to be decided on (their values), and the bounds between them. */
interface Acceptance {
  items: number;
  accepted: number;
  waiting: number[];
  acceptBound: number;
  waitListBound: number;
}

interface Params {
  readonly withReplacement: boolean;
  readonly seed: bigint;
  readonly fractions: ReadonlyMap<unknown, number>;
  /** Pairs of each key, with replacement. */
  readonly counts?: ReadonlyMap<unknown, number>;
}
type Results = readonly (readonly [key: unknown, result: Acceptance])[];

/** Chance that the bounds of a key fail. */
const DELTA = 5e-5;
const none = (): Acceptance => ({
  items: 0,
  accepted: 0,
  waiting: [],
  acceptBound: Number.NaN,
  waitListBound: Number.NaN,
});

defineRddAction<Params, Results>({
  name: "rdd.stratifiedAcceptance",
  run(source, { withReplacement, seed, fractions, counts }, { partition }) {
    const random = new StratifiedRandom(seedOfPartition(seed, partition));
    const results = new KeyedMap<Acceptance>();
    source.push(([key]: readonly [unknown, unknown]) => {
      const fraction = ofKey(fractions, key);
      let result = results.get(key);
      if (!result) results.insert(key, (result = none()));
      if (withReplacement) drawPoisson(result, random, fraction, ofKey(counts!, key));
      else drawUniform(result, random, fraction);
      result.items++;
      return true;
    });
    return results.keys.map((key, i) => [keyOf(key), results.values[i]] as const);
  },
});

function drawUniform(result: Acceptance, random: StratifiedRandom, fraction: number): void {
  result.acceptBound = binomialBounds.lower(DELTA, result.items, fraction);
  result.waitListBound = binomialBounds.upper(DELTA, result.items, fraction);
  const x = random.nextUniform();
  if (x < result.acceptBound) result.accepted++;
  else if (x < result.waitListBound) result.waiting.push(x);
}

function drawPoisson(result: Acceptance, random: StratifiedRandom, fraction: number, count: number): void {
  if (Number.isNaN(result.acceptBound)) {
    const size = Math.ceil(count * fraction);
    const lower = poissonBounds.lower(size);
    result.acceptBound = lower / count;
    result.waitListBound = (poissonBounds.upper(size) - lower) / count;
  }
  if (result.acceptBound !== 0) result.accepted += random.nextPoisson(result.acceptBound);
  for (let n = random.nextPoisson(result.waitListBound); n > 0; n--) result.waiting.push(random.nextUniform());
}

/** Rates with which a second pass over the same draws takes exactly the wanted number of pairs of each key. */
export async function acceptance<K, V>(
  rdd: RDD<[K, V]>,
  withReplacement: boolean,
  fractions: ReadonlyMap<unknown, number>,
  seed: bigint,
): Promise<Map<unknown, KeyRates>> {
  const counted = withReplacement ? await countByValue<unknown>(rdd, { keys: true }) : undefined;
  const counts = counted && new Map([...counted].map(([key, count]) => [keyOf(key), count]));
  const params: Params = { withReplacement, seed, fractions, ...(counts ? { counts } : {}) };
  const merged = new Map<unknown, Acceptance>();
  for (const part of await rdd.runAction<Results>("rdd.stratifiedAcceptance", params)) {
    for (const [key, result] of part) {
      const known = merged.get(key);
      if (!known) merged.set(key, result);
      else {
        known.items += result.items;
        known.accepted += result.accepted;
        for (const x of result.waiting) known.waiting.push(x);
      }
    }
  }
  return new Map([...merged].map(([key, result]) => [key, ratesOf(result, fractions.get(key)!, withReplacement)]));
}

function ratesOf(result: Acceptance, fraction: number, withReplacement: boolean): KeyRates {
  const { acceptBound, waitListBound } = result;
  const rate = thresholdOf(result, Math.ceil(result.items * fraction));
  return withReplacement ? { rate, exact: { acceptBound, waitListBound } } : { rate };
}

/** Below which draw a pair is taken. */
function thresholdOf({ accepted, waiting, acceptBound, waitListBound }: Acceptance, size: number): number {
  if (accepted > size) return acceptBound;
  const missing = size - accepted;
  if (missing >= waiting.length) return waitListBound;
  return waiting.sort((a, b) => a - b)[missing];
}
