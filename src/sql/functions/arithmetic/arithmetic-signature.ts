import {
  castTo,
  checkCount,
  commonOperands,
  decimalFor,
  type Expression,
  isFloating,
  type Signature,
  typeOf,
  wrongOperand,
} from "../../expressions/index.js";
import {
  type DataType,
  DateType,
  DecimalType,
  doubleType,
  IntegralType,
  longType,
  NullType,
  NumericType,
} from "../../types/index.js";
import { decimalResult } from "./decimal-result.js";

export type ArithmeticOperator = keyof typeof decimalResult;

/** Operand casts and result type of an arithmetic operator under ANSI rules. */
export function arithmeticSignature(operator: ArithmeticOperator): Signature {
  return (args, call) => {
    checkCount(call, 2, 2);
    const dated = dateArithmetic(operator, args);
    if (dated) return { args, type: typeOf(args[0]), replacement: dated };
    const decimals = decimalOperands(args);
    if (decimals) {
      const [a, b] = decimals.map((arg) => typeOf(arg) as DecimalType);
      return { args: decimals, type: operator === "div" ? longType : decimalResult[operator](a, b) };
    }
    const numbers = commonOperands(args, call);
    const common = typeOf(numbers[0]);
    const type = operandType(operator, common);
    if (!(type instanceof NumericType)) throw wrongOperand(call, operator === "div" ? "integral" : "numeric", common);
    return { args: numbers.map((arg) => castTo(arg, type)), type: operator === "div" ? longType : type };
  };
}

function operandType(operator: ArithmeticOperator, common: DataType): DataType {
  if (common instanceof NullType) return operator === "div" ? longType : doubleType;
  if (operator === "/" && common instanceof NumericType) return doubleType;
  return operator === "div" && common instanceof IntegralType ? longType : common;
}

/** Both operands as decimals of their own precision, when one is a decimal and neither a float, string or date. */
function decimalOperands(args: readonly Expression[]): Expression[] | undefined {
  const types = args.map(typeOf);
  if (!types.some((type) => type instanceof DecimalType)) return undefined;
  const other = types.find((type) => !(type instanceof DecimalType)) ?? types[0];
  if (other instanceof NullType) {
    const decimal = types.find((type) => type instanceof DecimalType)!;
    return args.map((arg) => castTo(arg, decimal));
  }
  if (!(other instanceof NumericType) || isFloating(other)) return undefined;
  return args.map((arg) => castTo(arg, decimalOf(arg)));
}

/** An integer literal becomes the decimal of just its digits. */
function decimalOf(e: Expression): DecimalType {
  const type = typeOf(e);
  if (e.kind === "literal" && type instanceof IntegralType && e.value !== null) {
    return new DecimalType(String(e.value).replace("-", "").length, 0);
  }
  return decimalFor(type);
}

/** `date + days`, `days + date` and `date - days` are date_add and date_sub; `date - date` has no type here. */
function dateArithmetic(operator: ArithmeticOperator, args: readonly Expression[]): Expression | undefined {
  if (operator !== "+" && operator !== "-") return undefined;
  const [left, right] = args.map(typeOf);
  const days = (type: DataType): boolean => type instanceof IntegralType || type instanceof NullType;
  const call = (name: string, list: readonly Expression[]): Expression => ({ kind: "call", name, args: list });
  if (left instanceof DateType && days(right)) return call(operator === "+" ? "date_add" : "date_sub", args);
  if (operator === "+" && right instanceof DateType && days(left)) return call("date_add", [args[1], args[0]]);
  return undefined;
}
