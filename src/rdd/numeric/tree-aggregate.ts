import { IllegalArgumentException } from "../../common/index.js";
import { captureClosure, type Closure } from "../../exec/closure/index.js";
import { defineRddOperator } from "../operator.js";
import { HashPartitioner } from "../partitioners/hash-partitioner.js";
import { combineByKey, copyZero, foldSpec, reduceSpec, zeroOf } from "../pair/combine-by-key.js";
import type { AggregatorSpec } from "../aggregator.js";
import type { RDD } from "../rdd.js";

type Combine = (left: unknown, right: unknown) => unknown;

function checkDepth(depth: number): void {
  if (depth >= 1) return;
  throw new IllegalArgumentException(`requirement failed: Depth must be greater than or equal to 1 but got ${depth}.`);
}

/** Combines neighbours level by level until few enough partitions are left for the driver. */
async function combineLevels<U>(partial: RDD<U>, aggregator: AggregatorSpec, depth: number): Promise<RDD<U>> {
  let combined = partial;
  let numPartitions = await partial.getNumPartitions();
  const scale = Math.max(Math.ceil(numPartitions ** (1 / depth)), 2);
  while (numPartitions > scale + Math.ceil(numPartitions / scale)) {
    numPartitions = Math.floor(numPartitions / scale);
    const keyed = combined.narrow<[number, U]>("rdd.keyByPartition", numPartitions);
    const partitioning = new HashPartitioner(numPartitions);
    combined = combineByKey<number, U, U>(keyed, aggregator, { partitioning }).values();
  }
  return combined;
}

defineRddOperator<number>({
  name: "rdd.keyByPartition",
  transduce: ({ params: numPartitions, partition }, sink) => {
    const key = partition % numPartitions;
    return (element) => sink([key, element]);
  },
});

export async function treeAggregate<T, U>(
  rdd: RDD<T>,
  zero: U,
  seqOp: (acc: U, element: T) => U,
  combOp: (a: U, b: U) => U,
  depth: number,
): Promise<U> {
  checkDepth(depth);
  const params = { zero: zeroOf(zero), seqOp: captureClosure(seqOp) };
  const partial = rdd.narrow<U>("rdd.foldPartition", params);
  if ((await partial.getNumPartitions()) === 0) return copyZero(zeroOf(zero)) as U;
  return (await combineLevels(partial, foldSpec(zero, combOp, combOp), depth)).fold(zero, combOp);
}

defineRddOperator<{ readonly zero: ReturnType<typeof zeroOf>; readonly seqOp: Closure }>({
  name: "rdd.foldPartition",
  *iterate({ params: { zero, seqOp }, revive, parent }) {
    const merge = revive<Combine>(seqOp);
    let folded = copyZero(zero);
    parent().push((element) => {
      folded = merge(folded, element);
      return true;
    });
    yield folded;
  },
});

export async function treeReduce<T>(rdd: RDD<T>, f: (a: T, b: T) => T, depth: number): Promise<T> {
  checkDepth(depth);
  const partial = rdd.narrow<T>("rdd.reducePartition", captureClosure(f));
  return (await combineLevels(partial, reduceSpec(f), depth)).reduce(f);
}

/** The elements of a partition reduced to one; none of an empty partition. */
defineRddOperator<Closure>({
  name: "rdd.reducePartition",
  *iterate({ params, revive, parent }) {
    const f = revive<Combine>(params);
    let any = false;
    let reduced: unknown;
    parent().push((element) => {
      reduced = any ? f(reduced, element) : element;
      any = true;
      return true;
    });
    if (any) yield reduced;
  },
});
