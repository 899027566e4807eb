import { IllegalArgumentException } from "../../common/index.js";
import { definePartitionerKind, Partitioner, type PartitionerSpec } from "../partitioner.js";
import { javaHashCode } from "./java-hash.js";

/** Where Spark's `HashPartitioner` puts a key: its Java hash code modulo the number of partitions, never negative. */
export function hashPartition(key: unknown, numPartitions: number): number {
  const hash = typeof key === "number" && (key | 0) === key ? key | 0 : javaHashCode(key);
  const rest = (hash % numPartitions) | 0;
  return rest < 0 ? rest + numPartitions : rest;
}

/** Places keys by their Java hash code; `null` goes to partition 0. */
export class HashPartitioner extends Partitioner {
  constructor(override readonly numPartitions: number) {
    super();
    if (!Number.isInteger(numPartitions) || numPartitions < 0) {
      throw new IllegalArgumentException(`Number of partitions (${numPartitions}) cannot be negative.`);
    }
  }

  override get spec(): PartitionerSpec {
    return { name: "rdd.hash", params: this.numPartitions };
  }

  override getPartition(key: unknown): number {
    return hashPartition(key, this.numPartitions);
  }

  override equals(other: unknown): boolean {
    return other instanceof HashPartitioner && other.numPartitions === this.numPartitions;
  }
}

definePartitionerKind<number>({
  name: "rdd.hash",
  open(numPartitions) {
    return (key) => hashPartition(key, numPartitions);
  },
  place(numPartitions, keys, destinations) {
    for (let i = 0; i < keys.length; i++) {
      const rest = (keys[i] % numPartitions) | 0;
      destinations[i] = rest < 0 ? rest + numPartitions : rest;
    }
  },
});
