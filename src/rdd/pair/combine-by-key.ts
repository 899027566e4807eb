import { captureClosure, type Closure } from "../../exec/closure/index.js";
import { defineAggregator, openAggregator, type AggregatorSpec } from "../aggregator.js";
import { deserializeValue, serializeValue } from "../codec/index.js";
import { oneToOne, ShuffleDependency } from "../dependency.js";
import { defineRddOperator, type ComputeInput, type ShuffleInput, type Source } from "../operator.js";
import { combinePairs } from "../shuffle/combine-pairs.js";
import type { RDD } from "../rdd.js";
import type { PartitionFunc } from "../partitioners/function-partitioner.js";
import { choosePartitioner, givenPartitioner, type Partitioning } from "./choose-partitioner.js";

export interface CombineOptions {
  readonly partitioning?: Partitioning;
  readonly partitionFunc?: PartitionFunc | undefined;
  /** Whether to combine before the shuffle; true unless given. */
  readonly mapSideCombine?: boolean;
  /** As many partitions as the RDD has where none are given, whatever the default parallelism. */
  readonly sameNumber?: boolean;
}

/** One combiner a key; without a shuffle where the pairs are partitioned so already. */
export function combineByKey<K, V, C>(
  rdd: RDD<[K, V]>,
  aggregator: AggregatorSpec,
  { partitioning, partitionFunc, mapSideCombine = true, sameNumber = false }: CombineOptions,
): RDD<[K, C]> {
  const given = givenPartitioner(partitioning, partitionFunc);
  return rdd.derive<[K, C]>({
    className: "ShuffledRDD",
    operator: "rdd.combineByKey",
    async plan() {
      const parent = await rdd.resolved();
      const wanted = given ?? (sameNumber ? givenPartitioner(parent.splits.length) : undefined);
      const partitioner = await choosePartitioner(wanted, [rdd], partitionFunc);
      const splits = new Array<null>(partitioner.numPartitions).fill(null);
      if (parent.partitioner?.equals(partitioner)) {
        const className = "MapPartitionsRDD";
        return { dependencies: [oneToOne(rdd)], splits, partitioner, params: aggregator, className };
      }
      const dependency = new ShuffleDependency(rdd, partitioner, { aggregator, mapSideCombine });
      return { dependencies: [dependency], splits, partitioner, params: aggregator };
    },
  });
}

/** A narrow parent's pairs, in the shape of what a shuffle gives. */
export const pairsOf = (source: Source): ShuffleInput => ({
  push: (sink) => source.push(sink),
  iterate: () => source.iterate(),
  pushPairs(fn) {
    source.push((pair: readonly [unknown, unknown]) => {
      fn(pair[0], pair[1]);
      return true;
    });
  },
});

const combined = (input: ComputeInput<AggregatorSpec>): ShuffleInput =>
  input.isShuffle(0)
    ? input.shuffle()
    : combinePairs(pairsOf(input.parent()), openAggregator(input.params, input.revive), false, input.task);

defineRddOperator<AggregatorSpec>({
  name: "rdd.combineByKey",
  iterate: (input) => combined(input).iterate(),
  push: (input, sink) => combined(input).push(sink),
});

/** Zero value of a fold as it travels; every key starts from a copy of its own. */
type Zero = { readonly value: unknown } | { readonly bytes: Uint8Array };

export const zeroOf = (value: unknown): Zero =>
  typeof value === "object" && value !== null ? { bytes: serializeValue(value) } : { value };
export const copyZero = (zero: Zero): unknown => ("bytes" in zero ? deserializeValue(zero.bytes) : zero.value);

interface FoldParams {
  readonly zero: Zero;
  readonly seq: Closure;
  readonly combine: Closure;
}
type Combine = (left: unknown, right: unknown) => unknown;

/** `aggregateByKey` and `foldByKey`. */
const foldAggregator = defineAggregator<FoldParams>({
  name: "rdd.fold",
  open({ zero, seq, combine }, revive) {
    const merge = revive<Combine>(seq);
    return { create: (value) => merge(copyZero(zero), value), merge, combine: revive<Combine>(combine) };
  },
});

// eslint-disable-next-line typescript/no-explicit-any -- a user's function over the values of its own RDD
type AnyFunction = (...args: any[]) => unknown;

export const reduceSpec = (fn: AnyFunction): AggregatorSpec => ({
  name: "rdd.reduce",
  params: { fn: captureClosure(fn) },
});

export const combineSpec = (create: AnyFunction, merge: AnyFunction, combine: AnyFunction): AggregatorSpec => ({
  name: "rdd.combine",
  params: { create: captureClosure(create), merge: captureClosure(merge), combine: captureClosure(combine) },
});

export function foldSpec(zero: unknown, seq: AnyFunction, combine: AnyFunction): AggregatorSpec {
  const first = captureClosure(seq);
  const params: FoldParams = {
    zero: zeroOf(zero),
    seq: first,
    combine: combine === seq ? first : captureClosure(combine),
  };
  return { name: foldAggregator.name, params };
}

export const groupSpec: AggregatorSpec = { name: "rdd.group" };

/** Keeps the first value of a key: `distinct`. */
defineAggregator<undefined>({
  name: "rdd.first",
  open: () => ({ create: (value) => value, merge: (first) => first, combine: (first) => first }),
});
export const firstSpec: AggregatorSpec = { name: "rdd.first" };
