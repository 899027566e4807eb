import { SparkException } from "../common/index.js";
import { captureClosure } from "../exec/closure/index.js";
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
  /** Partitions of many int keys at once, where that is faster than one by one. */
  place?(params: P, keys: Int32Array, destinations: Int32Array): void;
}

const kinds = new Map<string, PartitionerKind<never>>();

/** Registers a kind of partitioner under its name and returns it. */
export function definePartitionerKind<P>(kind: PartitionerKind<P>): PartitionerKind<P> {
  kinds.set(kind.name, kind as unknown as PartitionerKind<never>);
  return kind;
}

function kindOf(spec: PartitionerSpec): PartitionerKind {
  const kind = kinds.get(spec.name) as unknown as PartitionerKind | undefined;
  if (!kind) throw new Error(`no partitioner "${spec.name}" is registered`);
  return kind;
}

export const openPartitioner = (spec: PartitionerSpec, revive: ComputeInput["revive"]): ((key: unknown) => number) =>
  kindOf(spec).open(spec.params, revive);

/** Writes the partitions of int keys; false when the partitioner only knows one key at a time. */
export function placeInts(spec: PartitionerSpec, keys: Int32Array, destinations: Int32Array): boolean {
  const kind = kindOf(spec);
  kind.place?.(spec.params, keys, destinations);
  return kind.place !== undefined;
}

/**
 * Decides which partition a key belongs to. Two RDDs with equal partitioners are joined without a shuffle.
 * A class of one's own says `numPartitions` and `getPartition`, and `equals` where two instances can mean the same.
 */
export abstract class Partitioner {
  abstract readonly numPartitions: number;
  /** Partition of the key, from 0 to numPartitions - 1. */
  abstract getPartition(key: unknown): number;
  equals(other: unknown): boolean {
    return other === this;
  }
  /** How workers get it: by default with the instance, which must be able to travel. Not part of Spark's API. */
  get spec(): PartitionerSpec {
    // eslint-disable-next-line typescript/no-this-alias -- a function that travels closes over variables only
    const own = this;
    const fn = captureClosure((key: unknown) => own.getPartition(key));
    return { name: "rdd.own", params: { fn, numPartitions: this.numPartitions } };
  }
}

definePartitionerKind<{ readonly fn: unknown; readonly numPartitions: number }>({
  name: "rdd.own",
  open({ fn, numPartitions }, revive) {
    const getPartition = revive<(key: unknown) => number>(fn);
    return (key) => {
      const partition = getPartition(key);
      if (Number.isInteger(partition) && partition >= 0 && partition < numPartitions) return partition;
      throw new SparkException(
        `The partitioner put the key ${String(key)} into partition ${partition}; it has the partitions 0 to ${numPartitions - 1}.`,
      );
    };
  },
});
