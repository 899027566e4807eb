import {
  type DataType,
  MapType,
  NullType,
  StringType,
  StructType,
  ArrayType,
  UserDefinedType,
} from "../types/index.js";
import { commonType, tightestCommonType, widerWithDecimal, widerWithString } from "./coercion.js";
import type { Signature } from "./descriptor.js";
import type { CallExpression, Expression } from "./expression.js";
import { typeOf } from "./expression-type.js";
import { accepts, castTo, type Expected, implicitCastType } from "./implicit-cast.js";
import {
  dataDiffTypes,
  differentTypes,
  notOrderable,
  unexpectedInput,
  wrongNumberOfArguments,
  wrongOperand,
} from "./type-errors.js";

/** Type of the result: fixed, or computed from the types of the cast arguments. */
export type ResultType =
  DataType | ((types: readonly DataType[], args: readonly Expression[], call: CallExpression) => DataType);

interface TakesOptions {
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  /** Any number of further arguments. */
  readonly rest?: Expected;
}

/** Parameters one by one, cast implicitly as Spark's `ImplicitCastInputTypes`. */
export function takes(expected: readonly Expected[], result: ResultType, options: TakesOptions = {}): Signature {
  const least = expected.length - (options.optional ?? 0);
  return (args, call) => {
    checkCount(call, least, options.rest === undefined ? expected.length : Infinity);
    const cast = args.map((arg, i) => implicitCast(arg, expected[i] ?? options.rest!, call, i));
    return { args: cast, type: typeof result === "function" ? result(cast.map(typeOf), cast, call) : result };
  };
}

export function checkCount(call: CallExpression, least: number, most: number): void {
  const n = call.args.length;
  if (n < least || n > most) throw wrongNumberOfArguments(call, countText(least, most));
}

function countText(least: number, most: number): string {
  if (most === Infinity) return `> ${least - 1}`;
  const counts = Array.from({ length: most - least + 1 }, (_, i) => least + i);
  return counts.length > 1 ? `[${counts.join(", ")}]` : String(least);
}

/** One argument as what a parameter wants. */
export function implicitCast(arg: Expression, expected: Expected, call: CallExpression, index: number): Expression {
  const type = implicitCastType(typeOf(arg), expected);
  if (!type) throw unexpectedInput(call, index, expected);
  return castTo(arg, type);
}

/** Both operands in their common type, which must be one of `expected`: Spark's `BinaryOperator`. */
export function binary(expected: Expected, result: ResultType): Signature {
  return (args, call) => {
    checkCount(call, 2, 2);
    const cast = commonOperands(args, call);
    const type = typeOf(cast[0]);
    const operand = type instanceof NullType ? implicitCastType(type, expected) : type;
    if (!operand || !accepts(expected, operand)) throw wrongOperand(call, expected, type);
    const operands = cast.map((arg) => castTo(arg, operand));
    return { args: operands, type: typeof result === "function" ? result([operand, operand], operands, call) : result };
  };
}

/** The two operands of a binary operator in their common type. */
export function commonOperands(args: readonly Expression[], call: CallExpression): Expression[] {
  const [left, right] = args.map(typeOf);
  const type = tightestCommonType(left, right) ?? widerWithString(left, right) ?? widerWithDecimal(left, right);
  if (!type) throw differentTypes(call);
  return args.map((arg) => castTo(arg, type));
}

/** All arguments in their common type, which is the result's type too (coalesce, greatest). */
export function sameTypes(options: {
  readonly least: number;
  readonly ordered?: boolean;
  /** False: strings stay strings and do not mix with other types. */
  readonly promoteStrings?: boolean;
}): Signature {
  return (args, call) => {
    checkCount(call, options.least, Infinity);
    const mixed = options.promoteStrings === false && new Set(args.map((arg) => isText(typeOf(arg)))).size > 1;
    if (mixed && !args.some((arg) => typeOf(arg) instanceof NullType)) throw dataDiffTypes(call);
    const type = commonOf(args, call);
    if (options.ordered && !isOrderable(type)) throw notOrderable(call, type);
    return { args: args.map((arg) => castTo(arg, type)), type };
  };
}

const isText = (type: DataType): boolean => type instanceof StringType;

/** Common type of some arguments; throws DATA_DIFF_TYPES when there is none. */
export function commonOf(args: readonly Expression[], call: CallExpression): DataType {
  const type = commonType(args.map(typeOf));
  if (!type) throw dataDiffTypes(call);
  return type;
}

/** Whether values of the type can be compared and sorted. */
export function isOrderable(type: DataType): boolean {
  if (type instanceof ArrayType) return isOrderable(type.elementType);
  if (type instanceof StructType) return type.fields.every((field) => isOrderable(field.dataType));
  return !(type instanceof MapType || type instanceof UserDefinedType);
}

/** Parameters that take just these types, without implicit casts (Spark's `ExpectsInputTypes`); null fits everywhere. */
export function expects(expected: readonly Expected[], result: ResultType, options: TakesOptions = {}): Signature {
  const cast = takes(expected, result, options);
  return (args, call) => {
    args.forEach((arg, i) => {
      const type = typeOf(arg);
      const parameter = expected[i] ?? options.rest;
      if (parameter === undefined || type instanceof NullType || accepts(parameter, type)) return;
      throw unexpectedInput(call, i, parameter);
    });
    return cast(args, call);
  };
}
