import type { DataType } from "../types/index.js";

/** Key-value metadata of a column, as Spark's `Metadata`; ML attributes live under `ml_attr`. */
export type Metadata = Readonly<Record<string, unknown>>;

/**
 * The expression tree, immutable and plain, so that it travels to a worker as it is (types go as JSON).
 * Columns start unresolved; the analyzer turns `unresolved` into `attribute`, resolves functions by name and
 * inserts casts; the physical planner turns `attribute` into `bound` (a position in the operator's input).
 * `type` and `nullable` are set on every node once it is resolved.
 */
export type Expression =
  | LiteralExpression
  | UnresolvedExpression
  | StarExpression
  | AttributeExpression
  | BoundExpression
  | CallExpression
  | CastExpression
  | AliasExpression
  | SortExpression
  | UdfExpression;

export interface LiteralExpression {
  readonly kind: "literal";
  /** Internal value: bigint for long, timestamp and decimal (unscaled), number for int, date, double..., string, boolean, null. */
  readonly value: unknown;
  readonly type: DataType;
  readonly nullable: boolean;
}
export interface UnresolvedExpression {
  readonly kind: "unresolved";
  readonly nameParts: readonly string[];
  /** Set by `df.col(name)`: resolve only against that plan's output. */
  readonly planId?: number;
  /** Where the user wrote it, for error messages. */
  readonly callSite?: string;
}
export interface StarExpression {
  readonly kind: "star";
  readonly qualifier?: readonly string[];
}
export interface AttributeExpression {
  readonly kind: "attribute";
  /** Unique per session; survives projections that pass the column through. */
  readonly id: number;
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  readonly metadata: Metadata;
  readonly qualifier: readonly string[];
}
export interface BoundExpression {
  readonly kind: "bound";
  readonly ordinal: number;
  readonly type: DataType;
  readonly nullable: boolean;
}
/** Operators and functions alike: `+` is the function named "+". Aggregates too; the descriptor says which it is. */
export interface CallExpression {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expression[];
  readonly distinct?: boolean;
  /** Seed and the like: values fixed when the expression was built. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly type?: DataType;
  readonly nullable?: boolean;
}
export interface CastExpression {
  readonly kind: "cast";
  readonly child: Expression;
  readonly type: DataType;
  /** `try_cast`: null instead of an error. */
  readonly lenient: boolean;
  /** Inserted by type coercion: not part of the column's name. */
  readonly implicit?: boolean;
  readonly nullable?: boolean;
}
export interface AliasExpression {
  readonly kind: "alias";
  readonly child: Expression;
  readonly name: string;
  /** Id of the attribute it defines; given by the analyzer. */
  readonly id?: number;
  readonly metadata?: Metadata;
}
export interface SortExpression {
  readonly kind: "sort";
  readonly child: Expression;
  readonly ascending: boolean;
  readonly nullsFirst: boolean;
}
/** A user's function: shipped with the variables it closes over (`exec/closure`). */
export interface UdfExpression {
  readonly kind: "udf";
  readonly name: string;
  readonly closure: unknown;
  readonly args: readonly Expression[];
  readonly type: DataType;
  readonly nullable: boolean;
  readonly deterministic: boolean;
}
