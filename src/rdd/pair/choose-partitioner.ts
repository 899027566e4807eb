import { IllegalArgumentException } from "../../common/index.js";
import type { Partitioner } from "../partitioner.js";
import { defaultPartitioner } from "../partitioners/default-partitioner.js";
import { FunctionPartitioner, type PartitionFunc } from "../partitioners/function-partitioner.js";
import { HashPartitioner } from "../partitioners/hash-partitioner.js";
import type { RDD } from "../rdd.js";

/** A number of partitions (for a hash partitioner) or a partitioner; neither leaves the choice to Spark's default rule. */
export type Partitioning = number | Partitioner | undefined;

/** The partitioner that was asked for; undefined when none was. */
export function givenPartitioner(partitioning: Partitioning, partitionFunc?: PartitionFunc): Partitioner | undefined {
  if (partitioning === undefined || partitioning === null) return undefined;
  if (typeof partitioning !== "number") return partitioning;
  if (!Number.isInteger(partitioning) || partitioning < 0) {
    throw new IllegalArgumentException(
      `requirement failed: Number of partitions (${partitioning}) cannot be negative.`,
    );
  }
  return partitionFunc ? new FunctionPartitioner(partitioning, partitionFunc) : new HashPartitioner(partitioning);
}

/** The partitioner that was asked for, or the default one for these RDDs. */
export async function choosePartitioner(
  given: Partitioner | undefined,
  // eslint-disable-next-line typescript/no-explicit-any -- RDD is invariant; any RDDs can be grouped together
  rdds: readonly RDD<any>[],
  partitionFunc?: PartitionFunc,
): Promise<Partitioner> {
  if (given) return given;
  const plans = await Promise.all(rdds.map((rdd) => rdd.resolved()));
  const inputs = plans.map((plan) => ({ numPartitions: plan.splits.length, partitioner: plan.partitioner }));
  const configured = Number(rdds[0].context.engine.conf.get("spark.default.parallelism") ?? 0) || undefined;
  const chosen = defaultPartitioner(inputs, configured);
  return partitionFunc ? new FunctionPartitioner(chosen.numPartitions, partitionFunc) : chosen;
}
