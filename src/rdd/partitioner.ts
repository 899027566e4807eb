import type { ComputeInput } from "./operator.js";

/** A partitioner as it travels: the name of its kind and plain parameters. */
export interface PartitionerSpec {
  readonly name: string;
  readonly params: unknown;
}

export interface PartitionerKind<P = unknown> {
  readonly name: string;
  /** Function from a key to its partition. */
  open(params: P, revive: ComputeInput["revive"]): (key: unknown) => number;
}

const kinds = new Map<string, PartitionerKind<never>>();

/** Registers a kind of partitioner under its name and returns it. */
export function definePartitionerKind<P>(kind: PartitionerKind<P>): PartitionerKind<P> {
  kinds.set(kind.name, kind as unknown as PartitionerKind<never>);
  return kind;
}

export function openPartitioner(spec: PartitionerSpec, revive: ComputeInput["revive"]): (key: unknown) => number {
  const kind = kinds.get(spec.name) as unknown as PartitionerKind | undefined;
  if (!kind) throw new Error(`no partitioner "${spec.name}" is registered`);
  return kind.open(spec.params, revive);
}

/** Decides which partition a key belongs to. Two RDDs with equal partitioners are joined without a shuffle. */
export abstract class Partitioner {
  abstract readonly numPartitions: number;
  abstract readonly spec: PartitionerSpec;
  /** Partition of the key, from 0 to numPartitions - 1. */
  abstract getPartition(key: unknown): number;
  abstract equals(other: unknown): boolean;
}
