import type { Batch, Column } from "../../columnar/index.js";
import { castFunction } from "./cast/index.js";
import { columnFromRows, columnReader } from "./column-reader.js";
import type { ResolvedCall, RowFunction, ScalarFunction } from "./descriptor.js";
import { defaultContext, type EvalContext } from "./eval-context.js";
import type { Expression, UdfExpression } from "./expression.js";
import { operandsOf } from "./expression-tree.js";
import { typeOf } from "./expression-type.js";
import { functionOf } from "./registry.js";
import { externalConverter, internalConverter, layoutOf } from "../types/index.js";

/** An expression that is ready to run: open it once a task (random generators live in it), call it once a batch. */
export type OpenExpression = (batch: Batch) => Column;

/** The interpreter: every function's `eval`, row by row. Columns are `bound`; calls and casts are resolved. */
export function openExpression(e: Expression, context: EvalContext): OpenExpression {
  const inner = e.kind === "alias" ? e.child : e;
  if (inner.kind === "bound") return (batch) => batch.columns[inner.ordinal];
  const frame = new Frame(context);
  const row = frame.compile(inner);
  const layout = layoutOf(typeOf(inner));
  return (batch) => {
    frame.enter(batch);
    return columnFromRows(layout, batch.numRows, row);
  };
}

/** Opens an expression and runs it over one batch. */
export const evalExpression = (e: Expression, batch: Batch, context: EvalContext = defaultContext): Column =>
  openExpression(e, context)(batch);

/** Value of an expression that reads no column. */
export function evalConstant(e: Expression, context: EvalContext = defaultContext): unknown {
  return new Frame(context).compile(e)(0);
}

/** Rows for which a condition is true, ascending. */
export function openFilter(condition: Expression, context: EvalContext): (batch: Batch) => Int32Array {
  const frame = new Frame(context);
  const test = frame.compile(condition);
  return (batch) => {
    frame.enter(batch);
    const selection = new Int32Array(batch.numRows);
    let kept = 0;
    for (let i = 0; i < batch.numRows; i++) if (test(i) === true) selection[kept++] = i;
    return selection.subarray(0, kept);
  };
}

/** Whether an expression gives the same value whenever it is computed. */
export function isDeterministic(e: Expression): boolean {
  if (e.kind === "udf" && !e.deterministic) return false;
  if (e.kind === "call" && functionOf(e.name).deterministic === false) return false;
  return operandsOf(e).every(isDeterministic);
}

/** Whether an expression reads no column and is deterministic. */
export function isFoldable(e: Expression): boolean {
  switch (e.kind) {
    case "literal":
      return true;
    case "cast":
    case "alias":
      return isFoldable(e.child);
    case "call":
      return (
        functionOf(e.name).kind === "scalar" && functionOf(e.name).deterministic !== false && e.args.every(isFoldable)
      );
    default:
      return false;
  }
}

class Frame {
  private readonly readers: RowFunction[] = [];
  private readonly used: number[] = [];

  constructor(private readonly context: EvalContext) {}

  enter(batch: Batch): void {
    for (const ordinal of this.used) this.readers[ordinal] = columnReader(batch.columns[ordinal]);
  }

  compile(e: Expression): RowFunction {
    switch (e.kind) {
      case "literal": {
        const { value } = e;
        return () => value;
      }
      case "bound": {
        const { readers, used } = this;
        const { ordinal } = e;
        if (!used.includes(ordinal)) used.push(ordinal);
        return (row) => readers[ordinal](row);
      }
      case "alias":
      case "sort":
        return this.compile(e.child);
      case "cast": {
        const child = this.compile(e.child);
        const cast = castFunction(typeOf(e.child), e.type, { lenient: e.lenient, timeZone: this.context.timeZone });
        return (row) => cast(child(row));
      }
      case "call":
        return this.call(e as ResolvedCall);
      case "udf":
        return this.udf(e);
      default:
        throw new Error(`cannot evaluate ${e.kind} ${"name" in e ? e.name : ""}; it must be bound first`);
    }
  }

  private call(call: ResolvedCall): RowFunction {
    const descriptor = functionOf(call.name);
    if (descriptor.kind !== "scalar") throw new Error(`${call.name} is an aggregate and needs groups to run over`);
    const args = call.args.map((arg) => this.compile(arg));
    if (descriptor.evalLazily) return descriptor.evalLazily(call, args, this.context);
    if (!descriptor.eval) throw new Error(`${call.name} has no evaluation`);
    const fn = descriptor.eval(call, this.context);
    return seesNulls(descriptor) ? applied(fn, args) : intolerant(fn, args);
  }

  private udf(e: UdfExpression): RowFunction {
    const { functionOf: callable } = this.context;
    if (!callable)
      throw new Error(`the function ${e.name} cannot be called here: the context gives no access to closures`);
    const fn = callable(e.closure);
    const args = e.args.map((arg) => ({ read: this.compile(arg), convert: externalConverter(typeOf(arg)) }));
    const result = internalConverter(e.type, e.name);
    return (row) => result(fn(...args.map(({ read, convert }) => convert(read(row)))));
  }
}

const seesNulls = ({ nullable = "whenArgIs" }: ScalarFunction): boolean =>
  nullable === "never" || typeof nullable === "function";

type Fn = (...args: unknown[]) => unknown;

function applied(fn: Fn, args: readonly RowFunction[]): RowFunction {
  const [a, b] = args;
  if (args.length === 0) return () => fn();
  if (args.length === 1) return (row) => fn(a(row));
  if (args.length === 2) return (row) => fn(a(row), b(row));
  return (row) => fn(...args.map((arg) => arg(row)));
}

function intolerant(fn: Fn, args: readonly RowFunction[]): RowFunction {
  const [a, b] = args;
  if (args.length === 0) return () => fn();
  if (args.length === 1) {
    return (row) => {
      const x = a(row);
      return x === null ? null : fn(x);
    };
  }
  if (args.length === 2) {
    return (row) => {
      const x = a(row);
      if (x === null) return null;
      const y = b(row);
      return y === null ? null : fn(x, y);
    };
  }
  return (row) => {
    const values: unknown[] = [];
    for (const arg of args) {
      const value = arg(row);
      if (value === null) return null;
      values.push(value);
    }
    return fn(...values);
  };
}
