import type { Aggregator } from "../aggregator.js";
import { oneToOne, ShuffleDependency, type Dependency } from "../dependency.js";
import { defineRddOperator, type ComputeInput, type ShuffleInput } from "../operator.js";
import type { Partitioner } from "../partitioner.js";
import type { RDD } from "../rdd.js";
import { combinePairs } from "../shuffle/combine-pairs.js";
import { choosePartitioner, givenPartitioner, type Partitioning } from "./choose-partitioner.js";
import { pairsOf } from "./combine-by-key.js";

// eslint-disable-next-line typescript/no-explicit-any -- RDD is invariant; any pairs can be grouped
type AnyPairs = RDD<[any, any]>;

/** For each key, an array of its values in each of the RDDs. */
export function cogroup<K>(rdds: readonly AnyPairs[], partitioning: Partitioning): RDD<[K, unknown[][]]> {
  const given = givenPartitioner(partitioning);
  return rdds[0].derive<[K, unknown[][]]>({
    className: "CoGroupedRDD",
    operator: "rdd.cogroup",
    params: rdds.length,
    plan: () => groupedPlan(rdds, () => choosePartitioner(given, rdds)),
  });
}

/** Pairs of the first RDD whose key the second one does not have. */
export function subtractByKey<K, V>(rdd: RDD<[K, V]>, other: AnyPairs, partitioning: Partitioning): RDD<[K, V]> {
  const given = givenPartitioner(partitioning);
  return rdd.derive<[K, V]>({
    className: "SubtractedRDD",
    operator: "rdd.subtractByKey",
    plan: () =>
      groupedPlan([rdd, other], async () => {
        if (given) return given;
        const { partitioner, splits } = await rdd.resolved();
        return partitioner ?? givenPartitioner(splits.length)!;
      }),
  });
}

async function groupedPlan(
  rdds: readonly AnyPairs[],
  choose: () => Promise<Partitioner>,
): Promise<{ dependencies: Dependency[]; splits: null[]; partitioner: Partitioner }> {
  const partitioner = await choose();
  const dependencies = await Promise.all(
    rdds.map(async (rdd): Promise<Dependency> => {
      const own = (await rdd.resolved()).partitioner;
      return own?.equals(partitioner) ? oneToOne(rdd) : new ShuffleDependency(rdd, partitioner);
    }),
  );
  return { dependencies, splits: new Array<null>(partitioner.numPartitions).fill(null), partitioner };
}

/** A value and which of the RDDs it comes from. */
type Tagged = readonly [tag: number, value: unknown];

/** All pairs of the partition, RDD after RDD, with their values tagged. */
function tagged(input: ComputeInput, count: number): ShuffleInput {
  const pushPairs: ShuffleInput["pushPairs"] = (fn) => {
    for (let tag = 0; tag < count; tag++) {
      const pairs = input.isShuffle(tag) ? input.shuffle(tag) : pairsOf(input.parent(tag));
      pairs.pushPairs((key, value) => fn(key, [tag, value]));
    }
  };
  const unused = (): never => {
    throw new Error("a cogroup is read by pairs");
  };
  return { pushPairs, push: unused, iterate: unused };
}

const groups = (count: number): Aggregator => ({
  grows: true,
  create([tag, value]: Tagged) {
    const made: unknown[][] = [];
    for (let i = 0; i < count; i++) made.push([]);
    made[tag].push(value);
    return made;
  },
  merge(made, [tag, value]: Tagged) {
    (made as unknown[][])[tag].push(value);
    return made;
  },
  combine(left, right) {
    for (let i = 0; i < count; i++) for (const value of (right as unknown[][])[i]) (left as unknown[][])[i].push(value);
    return left;
  },
});

const cogrouped = (input: ComputeInput<number>): ShuffleInput =>
  combinePairs(tagged(input, input.params), groups(input.params), false, input.task);

defineRddOperator<number>({
  name: "rdd.cogroup",
  iterate: (input) => cogrouped(input).iterate(),
  push: (input, sink) => cogrouped(input).push(sink),
});

/** Values of a key of the first RDD; null once the second one has the key. */
const remaining: Aggregator = {
  grows: true,
  create: ([tag, value]: Tagged) => (tag === 0 ? [value] : null),
  merge(values, [tag, value]: Tagged) {
    if (values === null || tag === 1) return null;
    (values as unknown[]).push(value);
    return values;
  },
  combine: (left, right) =>
    left === null || right === null ? null : [...(left as unknown[]), ...(right as unknown[])],
};

defineRddOperator({
  name: "rdd.subtractByKey",
  *iterate(input) {
    for (const [key, values] of combinePairs(tagged(input, 2), remaining, false, input.task).iterate()) {
      if (values !== null) for (const value of values) yield [key, value];
    }
  },
});
