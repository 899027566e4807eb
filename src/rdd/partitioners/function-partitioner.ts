import { captureClosure, type Closure } from "../../exec/closure/index.js";
import { SparkException } from "../../common/index.js";
import { definePartitionerKind, Partitioner, type PartitionerSpec } from "../partitioner.js";

// eslint-disable-next-line typescript/no-explicit-any -- a user's function takes the keys of its own RDD
export type PartitionFunc = (key: any) => number;

/** Places a key at `partitionFunc(key)` modulo the number of partitions; equal to another one of the same function. */
export class FunctionPartitioner extends Partitioner {
  private readonly closure: Closure;

  constructor(
    override readonly numPartitions: number,
    readonly partitionFunc: PartitionFunc,
  ) {
    super();
    this.closure = captureClosure(partitionFunc);
  }

  override get spec(): PartitionerSpec {
    return { name: "rdd.function", params: { numPartitions: this.numPartitions, fn: this.closure } };
  }

  override getPartition(key: unknown): number {
    return place(this.partitionFunc(key), this.numPartitions);
  }

  override equals(other: unknown): boolean {
    return (
      other instanceof FunctionPartitioner &&
      other.numPartitions === this.numPartitions &&
      other.partitionFunc === this.partitionFunc
    );
  }
}

function place(value: number, numPartitions: number): number {
  if (!Number.isInteger(value)) {
    throw new SparkException(`The partition function returned ${String(value)}; it must return a whole number.`);
  }
  const rest = value % numPartitions;
  return rest < 0 ? rest + numPartitions : rest + 0;
}

definePartitionerKind<{ numPartitions: number; fn: Closure }>({
  name: "rdd.function",
  open({ numPartitions, fn }, revive) {
    const partitionFunc = revive<PartitionFunc>(fn);
    return (key) => place(partitionFunc(key), numPartitions);
  },
});
