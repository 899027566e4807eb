import type { Column } from "../../columnar/index.js";
import type { Emitter, Value } from "../codegen/index.js";
import type { DataType } from "../types/index.js";
import type { EvalContext } from "./eval-context.js";
import type { CallExpression, Expression } from "./expression.js";

/**
 * A SQL function or operator: one file under `sql/functions/<group>/` defines it with `defineFunction`, the registry finds it
 * by name. What the engine does with it follows from these properties; nothing recognises a function by its name.
 */
export type FunctionDescriptor = ScalarFunction | AggregateFunction;

interface Described {
  /** Canonical name first, then Spark's aliases; compared without case. */
  readonly names: readonly [string, ...string[]];
  /** One sentence, shown by `DESCRIBE FUNCTION`. */
  readonly doc: string;
  /** Casts of the arguments and the type of the result; throws Spark's DATATYPE_MISMATCH conditions. */
  readonly signature: Signature;
  /** False for rand, ids and the like: such calls are never folded, pushed down or merged. */
  readonly deterministic?: boolean;
}

/** What a signature answers: arguments with their casts inserted, and the type of the result. */
export interface Signed {
  readonly args: readonly Expression[];
  readonly type: DataType;
  /** Another expression that stands for the call (Spark's `RuntimeReplaceable`); it is resolved in turn. */
  readonly replacement?: Expression;
  /** Overrides the descriptor's `nullable`. */
  readonly nullable?: boolean;
}
export type Signature = (args: readonly Expression[], call: CallExpression) => Signed;

/** A call after resolution. */
export interface ResolvedCall extends CallExpression {
  readonly type: DataType;
  readonly nullable: boolean;
}

/**
 * `whenArgIs` (the default): null exactly when an argument is null, and `eval` never sees a null (Spark's `nullIntolerant`).
 * `sometimes`: as `whenArgIs`, but may also be null for other arguments. `never`, or a function of the arguments' nullability:
 * `eval` sees nulls and decides.
 */
export type Nullability = "whenArgIs" | "sometimes" | "never" | ((args: readonly boolean[]) => boolean);

/** Value of an expression for row `i` of the batch at hand. */
export type RowFunction = (row: number) => unknown;

export interface ScalarFunction extends Described {
  readonly kind: "scalar";
  readonly nullable?: Nullability;
  /**
   * The function over internal values, specialised once a task for the types of the call: the reference, the constant folder
   * and the fallback. State (a random generator) lives in the closure.
   */
  // eslint-disable-next-line typescript/no-explicit-any -- each function narrows its own arguments
  eval?(call: ResolvedCall, context: EvalContext): (...args: any[]) => unknown;
  /** Instead of `eval` where arguments must not all be computed: and, or, when, coalesce. */
  evalLazily?(call: ResolvedCall, args: readonly RowFunction[], context: EvalContext): RowFunction;
  /**
   * WebAssembly for the call; undefined when these types have none. With nullability `whenArgIs` the emitter has already
   * seen to nulls and `emit` gets valid values; otherwise it gets values with their validity.
   */
  emit?(emitter: Emitter, args: readonly Value[], call: ResolvedCall): Value | undefined;
  /** Instead of `emit` where arguments must not all be computed: thunks that emit code where they are called. */
  emitLazily?(emitter: Emitter, args: readonly (() => Value | undefined)[], call: ResolvedCall): Value | undefined;
}

/**
 * An aggregate. Operators feed it batches with a group number for every row; its state is columns, so that partial states go
 * through a shuffle and are merged behind it. `DISTINCT` and `FILTER` are the operator's business.
 */
export interface AggregateFunction extends Described {
  readonly kind: "aggregate";
  /** Default true: null for a group without values. */
  readonly nullable?: boolean;
  /** Types of the state columns of a call. */
  state(call: ResolvedCall): readonly DataType[];
  /** Empty accumulators for no groups yet. */
  open(call: ResolvedCall, context: EvalContext): Accumulator;
}

/** States of all groups of one aggregate call on one task. Groups are numbered 0, 1, 2, ... */
export interface Accumulator {
  /** Makes sure that groups `0 .. numGroups - 1` exist; new ones are empty. Called before `update` and `merge`. */
  resize(numGroups: number): void;
  /** Adds rows: row i of the argument columns belongs to group `groupIds[i]`. */
  update(groupIds: Int32Array, args: readonly Column[], numRows: number): void;
  /** Adds what another accumulator gave as `states()`: row i of the state columns joins group `groupIds[i]`. */
  merge(groupIds: Int32Array, states: readonly Column[], numRows: number): void;
  /** State columns, one row a group. */
  states(): readonly Column[];
  /** Result column, one row a group. */
  finish(): Column;
}
