import type { AttributeExpression } from "../expressions/index.js";
import type { StoredBlock } from "../plan/index.js";
import { blocksFragment } from "./blocks-scan.js";
import { collectBlocks } from "./collect-blocks.js";
import { concatFragments } from "./concat-partitions.js";
import { attributeText } from "./describe.js";
import { physical, type ExecutionContext, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { HashPartitionFragment } from "./hash-partition.js";
import { rangeBounds, sampleKeys, type RangePartitionFragment } from "./range-partition.js";
import type { RoundRobinFragment } from "./round-robin.js";
import type { SortKey } from "./row-order.js";
import { coalescedRanges, shuffle, type ShuffleOutput } from "./shuffle.js";

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
  return blocksFragment((await storePartitions("gather", partitions, context)).flat());
}

/** Computes partitions into blocks. */
export const storePartitions = (
  name: string,
  partitions: readonly Fragment[],
  context: ExecutionContext,
): Promise<StoredBlock[][]> =>
  context.runStage(name, partitions, collectBlocks, { limit: Number.POSITIVE_INFINITY, kernels: false });

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
export function rangeExchange(
  child: PhysicalPlan,
  keys: readonly SortKey[],
  numPartitions: number | undefined,
): PhysicalPlan {
  return physical({
    name: "Exchange",
    output: child.output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () =>
      `rangepartitioning(${keys.map((k) => sortKeyText(k, child.output)).join(", ")}, ${numPartitions ?? "adaptive"})`,
    async execute(context) {
      const { partitions } = await child.execute(context);
      return { partitions: await rangeShuffle(partitions, keys, numPartitions, context) };
    },
  });
}

export const sortKeyText = (key: SortKey, output: readonly AttributeExpression[]): string =>
  `${attributeText(output[key.ordinal])} ${key.ascending ? "ASC" : "DESC"} NULLS ${key.nullsFirst ? "FIRST" : "LAST"}`;

/** Rows below which one task sorts faster than a range shuffle. */
const SINGLE_SORT_ROWS = 200_000;

/** Fragments of the ranges; without a fixed number, as many as the size of the data calls for. */
export async function rangeShuffle(
  partitions: readonly Fragment[],
  keys: readonly SortKey[],
  numPartitions: number | undefined,
  context: ExecutionContext,
): Promise<readonly Fragment[]> {
  if (partitions.length === 0) return [];
  const stored = await storePartitions("sort input", partitions, context);
  const rows = stored.flat().reduce((n, { numRows }) => n + numRows, 0);
  const inputs = stored.map((blocks) => blocksFragment(blocks));
  if (numPartitions === undefined && rows <= SINGLE_SORT_ROWS) return [concatFragments(inputs)];
  const count = numPartitions ?? Math.max(context.threads, Math.ceil(rows / 2_000_000));
  const size = Math.ceil((SAMPLE_SIZE * count) / inputs.length);
  const ordinals = keys.map((key) => key.ordinal);
  const samples = await context.runStage("sample keys", inputs, sampleKeys, { ordinals, size });
  const bounds = rangeBounds(samples, keys, count);
  const cut = inputs.map((input): RangePartitionFragment => ({
    op: "rangePartition",
    input,
    keys,
    bounds: bounds?.block,
  }));
  const output = await shuffle("shuffle by range", cut, (bounds?.numRows ?? 0) + 1, context);
  return output.readPartitions().partitions;
}
