import { defineRddAction } from "../action.js";
import { deserializeValue, serializeValue } from "../codec/index.js";
import { captureClosure, type Closure } from "../../exec/closure/index.js";
import { compareNatural, type Compare, type OrderingSpec } from "../ordering.js";
import { definePartitionerKind, Partitioner, type PartitionerSpec } from "../partitioner.js";
import type { RDD } from "../rdd.js";
import { bernoulliSampler } from "../sampling/random-sampler.js";
import { byteswap32, determineBounds, rangeOf, type WeightedKey } from "./range-bounds.js";
import { ReservoirSampler, type Reservoir } from "./reservoir-sample.js";
import { JavaRandom } from "../../common/index.js";

export interface RangeOptions<K = unknown> {
  readonly ascending?: boolean;
  /** Keys are compared by what this gives for them. */
  readonly key?: (key: K) => unknown;
}
/** Keys sampled for each partition that is to be made. */
const SAMPLE_PER_PARTITION = 20;
const MAX_SAMPLE = 1e6;

/**
 * Sorts keys into ranges of about equal size whose bounds are sampled from an RDD. There may be fewer partitions than asked
 * for, when there are fewer distinct keys.
 */
export class RangePartitioner<K = unknown> extends Partitioner {
  private readonly keyClosure: Closure | undefined;

  private constructor(
    /** Upper ends of all ranges but the last, in ascending order of what is compared. */
    readonly rangeBounds: readonly unknown[],
    readonly ascending: boolean,
    private readonly key: ((key: K) => unknown) | undefined,
  ) {
    super();
    this.keyClosure = key && captureClosure(key);
  }

  /** Samples the keys of an RDD of pairs, which runs a job unless one partition is asked for. */
  static async of<K>(
    // eslint-disable-next-line typescript/no-explicit-any -- values do not matter
    rdd: RDD<[K, any]>,
    numPartitions: number,
    { ascending = true, key }: RangeOptions<K> = {},
  ): Promise<RangePartitioner<K>> {
    const compare = compareNatural;
    const bounds =
      numPartitions <= 1 ? [] : await sampleBounds(rdd, numPartitions, key && captureClosure(key), compare);
    return new RangePartitioner(bounds, ascending, key);
  }

  override get numPartitions(): number {
    return this.rangeBounds.length + 1;
  }
  override get spec(): PartitionerSpec {
    const { ascending, keyClosure } = this;
    return { name: "rdd.range", params: { bounds: serializeValue(this.rangeBounds), ascending, key: keyClosure } };
  }
  override getPartition(key: unknown): number {
    return place(this.key ? this.key(key as K) : key, this.rangeBounds, this.ascending);
  }
  override equals(other: unknown): boolean {
    if (other === this) return true;
    return (
      other instanceof RangePartitioner &&
      other.ascending === this.ascending &&
      other.key === this.key &&
      other.rangeBounds.length === this.rangeBounds.length &&
      other.rangeBounds.every((bound, i) => compareNatural(bound, this.rangeBounds[i]) === 0)
    );
  }
}

function place(key: unknown, bounds: readonly unknown[], ascending: boolean): number {
  const range = rangeOf(key, bounds, compareNatural);
  return ascending ? range : bounds.length - range;
}

definePartitionerKind<{ bounds: Uint8Array; ascending: boolean; key: Closure | undefined }>({
  name: "rdd.range",
  open({ bounds, ascending, key }, revive) {
    const limits = deserializeValue(bounds) as unknown[];
    if (!key) return (own) => place(own, limits, ascending);
    const keyOf = revive<(key: unknown) => unknown>(key);
    return (own) => place(keyOf(own), limits, ascending);
  },
});

async function sampleBounds(
  // eslint-disable-next-line typescript/no-explicit-any -- values do not matter
  rdd: RDD<[any, any]>,
  numPartitions: number,
  key: Closure | undefined,
  compare: Compare,
): Promise<unknown[]> {
  const parents = (await rdd.resolved()).splits.length;
  const wanted = Math.min(SAMPLE_PER_PARTITION * numPartitions, MAX_SAMPLE);
  const perPartition = Math.ceil((3 * wanted) / parents);
  // Spark seeds with the number of the RDD of keys that it makes next.
  const shift = rdd.id() + 1;
  const sketches = await rdd.runAction<Reservoir<unknown>>("rdd.sketchKeys", { size: perPartition, shift, key });
  const total = sketches.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [];
  const fraction = Math.min(wanted / total, 1);
  const candidates: WeightedKey<unknown>[] = [];
  const imbalanced: number[] = [];
  sketches.forEach(({ sample, count }, partition) => {
    if (fraction * count > perPartition) imbalanced.push(partition);
    else for (const own of sample) candidates.push({ key: own, weight: Math.fround(count / sample.length) });
  });
  if (imbalanced.length > 0) {
    const random = new JavaRandom(byteswap32(-rdd.id() - 1));
    const seeds = new Map(imbalanced.map((partition) => [partition, random.nextLong()]));
    const resampled = await rdd.runAction<unknown[]>(
      "rdd.sampleKeys",
      { fraction, seeds, key },
      { partitions: imbalanced },
    );
    const weight = Math.fround(1 / fraction);
    for (const keys of resampled) for (const own of keys) candidates.push({ key: own, weight });
  }
  return determineBounds(candidates, Math.min(numPartitions, candidates.length), compare);
}

type Pair = readonly [unknown, unknown];
const identity = (key: unknown): unknown => key;

defineRddAction<{ size: number; shift: number; key: Closure | undefined }, Reservoir<unknown>>({
  name: "rdd.sketchKeys",
  run(source, { size, shift, key }, { partition, revive }) {
    const keyOf = key ? revive<(key: unknown) => unknown>(key) : identity;
    const reservoir = new ReservoirSampler<unknown>(size, byteswap32(partition ^ (shift << 16)));
    source.push((pair: Pair) => {
      reservoir.add(keyOf(pair[0]));
      return true;
    });
    return reservoir.finish();
  },
});

defineRddAction<{ fraction: number; seeds: ReadonlyMap<number, bigint>; key: Closure | undefined }, unknown[]>({
  name: "rdd.sampleKeys",
  run(source, { fraction, seeds, key }, { partition, revive }) {
    const keyOf = key ? revive<(key: unknown) => unknown>(key) : identity;
    const sampler = bernoulliSampler(fraction, seeds.get(partition)!);
    const keys: unknown[] = [];
    source.push((pair: Pair) => {
      if (sampler() > 0) keys.push(keyOf(pair[0]));
      return true;
    });
    return keys;
  },
});

/** How a sort orders what it has put into ranges. */
export const rangeOrdering = <K>({ ascending = true, key }: RangeOptions<K>): OrderingSpec => ({
  ascending,
  ...(key ? { key: captureClosure(key) } : {}),
});
