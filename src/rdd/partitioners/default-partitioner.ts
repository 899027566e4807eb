import type { Partitioner } from "../partitioner.js";
import { HashPartitioner } from "./hash-partitioner.js";

/** What decides how RDDs that are grouped together are partitioned. */
export interface PartitionedInput {
  readonly numPartitions: number;
  readonly partitioner: Partitioner | undefined;
}

/**
 * Spark's `Partitioner.defaultPartitioner`: the largest partitioner that is there already, unless it has less than a tenth of
 * the partitions of the largest input and fewer than the default; else a hash partitioner with `spark.default.parallelism`
 * partitions, or as many as the largest input has.
 */
export function defaultPartitioner(
  inputs: readonly PartitionedInput[],
  defaultParallelism: number | undefined,
): Partitioner {
  const most = Math.max(...inputs.map((input) => input.numPartitions));
  const wanted = defaultParallelism ?? most;
  let largest: Partitioner | undefined;
  for (const { partitioner } of inputs) {
    if (partitioner && partitioner.numPartitions > (largest?.numPartitions ?? 0)) largest = partitioner;
  }
  if (!largest) return new HashPartitioner(wanted);
  const eligible = Math.log10(most) - Math.log10(largest.numPartitions) < 1;
  return eligible || wanted <= largest.numPartitions ? largest : new HashPartitioner(wanted);
}
