import { captureClosure } from "../../exec/closure/index.js";
import type { Expression } from "../expressions/index.js";
import { parseType, stringType, type DataType } from "../types/index.js";
import { columnExpression } from "./column-name.js";
import { Column } from "./column.js";

type UserFunction = (...args: never[]) => unknown;

export const udfExpression = (
  fn: UserFunction,
  type: DataType,
  args: readonly Expression[],
  name: string,
  deterministic = true,
  closure: unknown = captureClosure(fn),
): Expression => ({ kind: "udf", name, closure, args, type, nullable: true, deterministic });

/** A function for columns, made by {@link udf}. */
export interface UserDefinedFunction {
  (...columns: readonly (Column | string)[]): Column;
  /** The same function, told apart from those that give the same result for the same arguments. */
  asNondeterministic(): UserDefinedFunction;
}

/**
 * Makes a column function of a JavaScript function of values (nulls included). What it closes over is captured now and travels
 * to the workers; an error names the variable that cannot. `returnType` is a DataType or its DDL name.
 */
export function udf(fn: UserFunction, returnType: DataType | string = stringType): UserDefinedFunction {
  return define(captureClosure(fn), fn, typeof returnType === "string" ? parseType(returnType) : returnType, true);
}

function define(closure: unknown, fn: UserFunction, type: DataType, deterministic: boolean): UserDefinedFunction {
  const apply = (...columns: readonly (Column | string)[]): Column =>
    new Column(udfExpression(fn, type, columns.map(columnExpression), fn.name || "<lambda>", deterministic, closure));
  return Object.assign(apply, { asNondeterministic: () => define(closure, fn, type, false) });
}
