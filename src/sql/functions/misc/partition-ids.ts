import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { integerType, longType } from "../../types/index.js";

/** Partition number in the upper 31 bits, row number of the partition in the lower 33. */
export const monotonicallyIncreasingId = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["monotonically_increasing_id"],
  doc: "A different number for every row, growing with partition and row.",
  signature: takes([], longType),
  deterministic: false,
  nullable: "never",
  eval(_, context) {
    let next = BigInt(context.partitionId) << 33n;
    return () => next++;
  },
});

export const sparkPartitionId = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["spark_partition_id"],
  doc: "The number of the row's partition.",
  signature: takes([], integerType),
  deterministic: false,
  nullable: "never",
  eval: (_, context) => () => context.partitionId,
});
