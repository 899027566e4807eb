import type { AccumulatorV2 } from "../../exec/shared-variables/index.js";
import type { AttributeExpression, AliasExpression, Expression } from "../expressions/index.js";
import type { StructType } from "../types/index.js";
import type { CallSite } from "./call-site.js";
import type { CachedData, LocalData } from "./data.js";

/**
 * The logical plan: immutable nodes. DataFrame calls build it with unresolved expressions and `derived` nodes; the analyzer
 * returns a plan in which every expression is typed and every column is an attribute with an id.
 */
export type LogicalPlan =
  | LocalRelation
  | RangeRelation
  | FileRelation
  | CachedRelation
  | Project
  | Filter
  | Aggregate
  | Join
  | Sort
  | Limit
  | Union
  | Sample
  | Repartition
  | RepartitionBy
  | MapColumns
  | Observe
  | SubqueryAlias
  | Derived;

interface PlanNode {
  /** The DataFrame this node belongs to (`UnresolvedExpression.planId` refers to it); kept through analysis. */
  readonly planId?: number;
  /** Where the user wrote the call. */
  readonly origin?: CallSite;
}

/** Rows that came from the driver, already laid out in shared blocks. */
export interface LocalRelation extends PlanNode {
  readonly kind: "local";
  readonly output: readonly AttributeExpression[];
  readonly data: LocalData;
}
export interface RangeRelation extends PlanNode {
  readonly kind: "range";
  readonly output: readonly AttributeExpression[];
  readonly start: bigint;
  readonly step: bigint;
  readonly count: bigint;
  readonly numPartitions: number;
}
/** A file as `sql/source` lists it. */
export interface RelationFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
}
export interface FileRelation extends PlanNode {
  readonly kind: "files";
  /** Data columns then partition columns; the optimizer keeps what is needed. */
  readonly output: readonly AttributeExpression[];
  readonly format: string;
  readonly files: readonly RelationFile[];
  /** All data columns. */
  readonly schema: StructType;
  readonly partitionSchema: StructType;
  readonly options: Readonly<Record<string, string>>;
  /** Conjuncts over `output` that the scan may use to skip data; they are applied again above. */
  readonly filters: readonly Expression[];
}
/** A subplan whose rows are cached; attributes in the order of the cached blocks' columns that are still needed. */
export interface CachedRelation extends PlanNode {
  readonly kind: "cached";
  readonly output: readonly AttributeExpression[];
  readonly data: CachedData;
  /** Column of the cached blocks for each output attribute. */
  readonly ordinals: readonly number[];
}
/** An item of a resolved projection. */
export type NamedExpression = AttributeExpression | AliasExpression;

export interface Project extends PlanNode {
  readonly kind: "project";
  readonly child: LogicalPlan;
  /** Unresolved: anything; resolved: attributes and aliases with ids. */
  readonly expressions: readonly Expression[];
}
export interface Filter extends PlanNode {
  readonly kind: "filter";
  readonly child: LogicalPlan;
  readonly condition: Expression;
}
export interface Aggregate extends PlanNode {
  readonly kind: "aggregate";
  readonly child: LogicalPlan;
  readonly grouping: readonly Expression[];
  /** Output columns: grouping expressions, aggregates, and expressions over both. */
  readonly aggregates: readonly Expression[];
}
export type JoinType = "inner" | "left" | "right" | "full" | "semi" | "anti" | "cross";
export interface Join extends PlanNode {
  readonly kind: "join";
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly joinType: JoinType;
  readonly condition?: Expression;
  /** Column names of `df.join(other, ["a", "b"])`; gone after analysis. */
  readonly using?: readonly string[];
  /** Side that `broadcast()` asked for. */
  readonly hint?: "left" | "right";
}
export interface Sort extends PlanNode {
  readonly kind: "sort";
  readonly child: LogicalPlan;
  readonly orders: readonly Expression[];
  /** False: inside each partition only. */
  readonly global: boolean;
}
export interface Limit extends PlanNode {
  readonly kind: "limit";
  readonly child: LogicalPlan;
  /** Infinity for a bare offset. */
  readonly limit: number;
  readonly offset: number;
}
export interface Union extends PlanNode {
  readonly kind: "union";
  readonly children: readonly LogicalPlan[];
  /** Set by the analyzer. */
  readonly output?: readonly AttributeExpression[];
}
/** Keeps rows whose draw lies in [lower, upper), or repeats them by a Poisson draw of mean `upper - lower`. */
export interface Sample extends PlanNode {
  readonly kind: "sample";
  readonly child: LogicalPlan;
  readonly lower: number;
  readonly upper: number;
  readonly withReplacement: boolean;
  readonly seed: bigint;
}
/** Round robin over `numPartitions`, or merging of neighbours without a shuffle. */
export interface Repartition extends PlanNode {
  readonly kind: "repartition";
  readonly child: LogicalPlan;
  readonly numPartitions: number;
  readonly shuffle: boolean;
}
/** By hash of the expressions, or by range when they are sort orders. */
export interface RepartitionBy extends PlanNode {
  readonly kind: "repartitionBy";
  readonly child: LogicalPlan;
  readonly expressions: readonly Expression[];
  readonly numPartitions: number | undefined;
  readonly method: "hash" | "range";
}
/** A batch function: its outputs replace columns of the same name or are appended. */
export interface MapColumns extends PlanNode {
  readonly kind: "mapColumns";
  readonly child: LogicalPlan;
  readonly name: string;
  readonly payload: unknown;
  readonly inputs: readonly AttributeExpression[];
  readonly produced: readonly AttributeExpression[];
  /** Output in order: attributes of the child or of `produced`. */
  readonly output: readonly AttributeExpression[];
}
/** Where metrics of rows that pass go; one for each `Observation`. */
export interface ObservationSink {
  readonly name: string;
  /** Makes the states of one job's tasks reach the driver. */
  register(states: AccumulatorV2): void;
  /** A job has succeeded: a plan of one row with its metrics. The first one counts. */
  complete(result: LogicalPlan): void;
}
/** Passes rows on and aggregates them meanwhile (Spark's CollectMetrics). */
export interface Observe extends PlanNode {
  readonly kind: "observe";
  readonly child: LogicalPlan;
  readonly metrics: readonly Expression[];
  readonly observation: ObservationSink;
}
export interface SubqueryAlias extends PlanNode {
  readonly kind: "alias";
  readonly child: LogicalPlan;
  readonly alias: string;
}
/** A call whose plan follows from its children's schemas; the analyzer replaces it by what `build` returns. */
export interface Derived extends PlanNode {
  readonly kind: "derived";
  readonly name: string;
  readonly children: readonly LogicalPlan[];
  build(children: readonly LogicalPlan[]): LogicalPlan | Promise<LogicalPlan>;
}
