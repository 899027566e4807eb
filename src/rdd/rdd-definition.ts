import type { StageOutput } from "../exec/index.js";
import type { Dependency } from "./dependency.js";
import type { Partitioner } from "./partitioner.js";

/** What an RDD is, before anything about its data is known. */
export interface RddDefinition {
  /** Spark's class name, such as `MapPartitionsRDD`. */
  readonly className: string;
  /** Name of the registered operator that computes a partition. */
  readonly operator: string;
  /** What the operator is told, the same for all partitions; plain data and captured closures. */
  readonly params?: unknown;
  readonly name?: string;
  /** Called once, when the partitions are first asked for. */
  plan(): RddPlan | Promise<RddPlan>;
}

/** Partitions and lineage of an RDD. */
export interface RddPlan {
  readonly dependencies: readonly Dependency[];
  /** What the operator is told for each partition: as many as there are partitions. */
  readonly splits: readonly unknown[];
  readonly partitioner?: Partitioner | undefined;
  /** Instead of the definition's, where they are known only now. */
  readonly params?: unknown;
  /** Instead of the definition's. */
  readonly operator?: string;
  readonly className?: string;
  /** Instead of a split where it names blocks: made anew for every attempt at a task. */
  present?(partition: number): unknown;
  /** Kept stages whose blocks `present` names. */
  readonly sources?: readonly StageOutput[];
  /** Executors where a partition is best computed. */
  preferred?(partition: number): readonly string[];
}
