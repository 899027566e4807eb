import type { StageOutput } from "../../exec/index.js";
import type { AttributeExpression } from "../expressions/index.js";
import type { StoredBlock } from "../plan/index.js";
import { collectBlocks } from "./collect-blocks.js";
import { attributeText } from "./describe.js";
import { physical, type ExecutionContext, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { HashPartitionFragment } from "./hash-partition.js";
import { storeAndSample } from "./key-sample.js";
import { rangeBounds, type RangePartitionFragment } from "./range-partition.js";
import type { RoundRobinFragment } from "./round-robin.js";
import type { SortKey } from "./row-order.js";
import { coalescedRanges, shuffle, type ShuffleOutput } from "./shuffle.js";
import { storedPartition, storedRows } from "./stored-output.js";

/** Runs the map stage of a shuffle by hash of some columns. */
export const hashShuffle = (
  partitions: readonly Fragment[],
  keys: readonly number[],
  numPartitions: number,
  context: ExecutionContext,
): Promise<ShuffleOutput> =>
  shuffle(
    "shuffle by hash",
    partitions.map((input): HashPartitionFragment => ({ op: "hashPartition", input, keys, numPartitions })),
    numPartitions,
    context,
  );

/** Rows of equal keys meet in one partition. With a fixed number every partition stays; else small ones are merged. */
export function hashExchange(
  child: PhysicalPlan,
  keys: readonly AttributeExpression[],
  ordinals: readonly number[],
  numPartitions: number | undefined,
): PhysicalPlan {
  return physical({
    name: "Exchange",
    output: child.output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => `hashpartitioning(${[...keys.map(attributeText), numPartitions ?? "adaptive"].join(", ")})`,
    async execute(context) {
      const { partitions } = await child.execute(context);
      const count = numPartitions ?? context.conf.value("shufflePartitions");
      const output = await hashShuffle(partitions, ordinals, count, context);
      if (numPartitions !== undefined) return output.readPartitions();
      return { partitions: coalescedRanges([output], context).map(([start, end]) => output.read(start, end)) };
    },
  });
}

/** All rows in one partition, in partition order. */
export function singleExchange(child: PhysicalPlan): PhysicalPlan {
  return physical({
    name: "Exchange",
    output: child.output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => "SinglePartition",
    async execute(context) {
      const { partitions } = await child.execute(context);
      return { partitions: [await gatherPartitions(partitions, context)] };
    },
  });
}

/** One fragment with the rows of all partitions; several partitions are computed in parallel first. */
export async function gatherPartitions(partitions: readonly Fragment[], context: ExecutionContext): Promise<Fragment> {
  if (partitions.length === 1) return partitions[0];
  return storedRows([await storePartitions("gather", partitions, context)]);
}

/** Computes partitions into blocks. */
export const storePartitions = (
  name: string,
  partitions: readonly Fragment[],
  context: ExecutionContext,
): Promise<StageOutput<StoredBlock[]>> =>
  context.runKept(name, partitions, collectBlocks, { limit: Number.POSITIVE_INFINITY, kernels: false });

/** `repartition(n)`: rows dealt out evenly. */
export function roundRobinExchange(child: PhysicalPlan, numPartitions: number): PhysicalPlan {
  return physical({
    name: "Exchange",
    output: child.output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => (numPartitions === 1 ? "SinglePartition" : `RoundRobinPartitioning(${numPartitions})`),
    async execute(context) {
      const { partitions } = await child.execute(context);
      if (numPartitions === 1) return { partitions: [await gatherPartitions(partitions, context)] };
      const dealt = partitions.map((input, partition): RoundRobinFragment => ({
        op: "roundRobin",
        input,
        numPartitions,
        partition,
      }));
      return (await shuffle("shuffle round robin", dealt, numPartitions, context)).readPartitions();
    },
  });
}

/** Sample rows a partition for the bounds of a range shuffle: Spark's 100 for each output partition, tripled. */
const SAMPLE_SIZE = 300;

/** Rows in ranges of the keys: partition i holds smaller keys than partition i + 1. */
export async function rangeShuffle(
  partitions: readonly Fragment[],
  keys: readonly SortKey[],
  numPartitions: number,
  context: ExecutionContext,
): Promise<readonly Fragment[]> {
  if (partitions.length === 0) return [];
  const size = Math.ceil((SAMPLE_SIZE * numPartitions) / partitions.length);
  const ordinals = keys.map((key) => key.ordinal);
  const stored = await context.runKept("sample keys", partitions, storeAndSample, { ordinals, size });
  const samples = stored.results().map(({ sample }) => sample);
  const bounds = rangeBounds(samples, keys, numPartitions);
  const cut = partitions.map((_, i): RangePartitionFragment => ({
    op: "rangePartition",
    input: storedPartition(stored, i, ({ blocks }) => blocks),
    keys,
    bounds: bounds?.block,
  }));
  const output = await shuffle("shuffle by range", cut, (bounds?.numRows ?? 0) + 1, context);
  return output.readPartitions().partitions;
}
