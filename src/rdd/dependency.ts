import type { StageOutput } from "../exec/index.js";
import type { AggregatorSpec } from "./aggregator.js";
import type { OrderingSpec } from "./ordering.js";
import type { Partitioner } from "./partitioner.js";
import type { RDD } from "./rdd.js";
import type { MapOutput } from "./shuffle/map-output.js";

/** Each partition of the child reads a few partitions of the parent, in the same task. */
export interface NarrowDependency {
  readonly kind: "narrow";
  /** Spark's class name. */
  readonly name: string;
  // eslint-disable-next-line typescript/no-explicit-any -- RDD is invariant; a lineage holds RDDs of any element
  readonly rdd: RDD<any>;
  /** Parent partitions that a partition of the child reads, in the order in which the operator sees them. */
  parentsOf(partition: number): readonly number[];
}

export type Dependency = NarrowDependency | ShuffleDependency;

/** A dependency in which a partition of the child reads the given partitions of the parent. */
export const narrowDependency = (
  // eslint-disable-next-line typescript/no-explicit-any -- see NarrowDependency
  rdd: RDD<any>,
  parentsOf: (partition: number) => readonly number[],
  name = "NarrowDependency",
): NarrowDependency => ({ kind: "narrow", name, rdd, parentsOf });

/** Partition i of the child reads partition i of the parent. */
// eslint-disable-next-line typescript/no-explicit-any -- see NarrowDependency
export const oneToOne = (rdd: RDD<any>): NarrowDependency =>
  narrowDependency(rdd, (partition) => [partition], "OneToOneDependency");

/** `length` partitions of the parent from `inStart` on are those of the child from `outStart` on. */
export const rangeDependency = (
  // eslint-disable-next-line typescript/no-explicit-any -- see NarrowDependency
  rdd: RDD<any>,
  inStart: number,
  outStart: number,
  length: number,
): NarrowDependency =>
  narrowDependency(
    rdd,
    (partition) => (partition >= outStart && partition < outStart + length ? [partition - outStart + inStart] : []),
    "RangeDependency",
  );

export interface ShuffleOptions {
  readonly aggregator?: AggregatorSpec;
  /** Combines before rows are written; needs an aggregator. */
  readonly mapSideCombine?: boolean;
  /** Order of the keys inside each partition of the reader. */
  readonly ordering?: OrderingSpec;
}

let nextShuffleId = 0;

/** Every partition of the child reads from every partition of the parent, whose elements must be `[key, value]` pairs. */
export class ShuffleDependency {
  readonly kind = "shuffle";
  readonly name = "ShuffleDependency";
  readonly shuffleId = nextShuffleId++;
  /** The kept map stage, once it ran; readers of this dependency share it until it is garbage collected. */
  output: Promise<StageOutput<MapOutput>> | undefined;

  constructor(
    // eslint-disable-next-line typescript/no-explicit-any -- see NarrowDependency
    readonly rdd: RDD<any>,
    readonly partitioner: Partitioner,
    readonly options: ShuffleOptions = {},
  ) {}
}
