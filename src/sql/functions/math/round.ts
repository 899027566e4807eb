import { javaDouble, javaFloat } from "../../../common/index.js";
import {
  arithmeticOverflow,
  castTo,
  checkCount,
  decimalOverflow,
  defineFunction,
  evalConstant,
  type Expression,
  implicitCast,
  isFoldable,
  literalOf,
  overflowMessage,
  type ResolvedCall,
  type ScalarFunction,
  type Signature,
  typeMismatch,
  typeOf,
} from "../../expressions/index.js";
import {
  type DataType,
  DecimalType,
  divideHalfUp,
  fitsPrecision,
  FloatType,
  integerType,
  LongType,
  IntegralType,
  parseDecimal,
  powerOfTen,
} from "../../types/index.js";
import { roundedType } from "./rounded-type.js";

type Divide = (dividend: bigint, divisor: bigint) => bigint;

/** The number of digits, which must be a constant; undefined for null. */
export function digitsOf(e: Expression | undefined): number | undefined {
  if (!e) return 0;
  return (evalConstant(e) as number | null) ?? undefined;
}

export const signature: Signature = (args, call) => {
  checkCount(call, 1, 2);
  const number = implicitCast(args[0], "numeric", call, 0);
  const digits = implicitCast(args[1] ?? literalOf(0, integerType), integerType, call, 1);
  if (!isFoldable(digits)) {
    throw typeMismatch(call, "NON_FOLDABLE_INPUT", "the input `scale` should be a foldable INT expression.", {
      inputName: "`scale`",
    });
  }
  const from = typeOf(number);
  const type = from instanceof DecimalType ? roundedType(from, digitsOf(digits) ?? 0) : from;
  return { args: [castTo(number, from), digits], type };
};

const halfEven: Divide = (dividend, divisor) => {
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  return up ? quotient + (dividend < 0n ? -1n : 1n) : quotient;
};

/** Rounds an unscaled value from one scale to another, which may be negative; the result has scale `max(0, to)`. */
function roundUnscaled(value: bigint, from: number, to: number, divide: Divide): bigint {
  if (to >= from) return value * powerOfTen(to - from);
  const rounded = divide(value, powerOfTen(from - to));
  return to < 0 ? rounded * powerOfTen(-to) : rounded;
}

function rounding(call: ResolvedCall, divide: Divide): (x: never) => unknown {
  const digits = digitsOf(call.args[1]) ?? 0;
  const from = typeOf(call.args[0]);
  const { type } = call;
  if (from instanceof DecimalType && type instanceof DecimalType) {
    return (x: bigint) => {
      const result = roundUnscaled(x, from.scale, digits < 0 ? digits : type.scale, divide);
      if (!fitsPrecision(result, type.precision)) throw decimalOverflow(result, type.scale, type);
      return result;
    };
  }
  if (from instanceof IntegralType) return integral(from, digits, divide);
  return floating(from, digits, divide);
}

function integral(type: DataType, digits: number, divide: Divide): (x: never) => unknown {
  if (digits >= 0) return (x: unknown) => x;
  const long = type instanceof LongType;
  const bits = { byte: 8, short: 16, integer: 32 }[type.typeName()] ?? 64;
  return (x: number | bigint) => {
    const result = roundUnscaled(BigInt(x), 0, digits, divide);
    if (BigInt.asIntN(bits, result) !== result) throw arithmeticOverflow(overflowMessage(type));
    return long ? result : Number(result);
  };
}

/** Doubles are rounded as the decimal that their shortest text is. */
function floating(type: DataType, digits: number, divide: Divide): (x: never) => unknown {
  const float = type instanceof FloatType;
  return (x: number) => {
    if (!Number.isFinite(x)) return x;
    const text = float ? javaFloat(x) : javaDouble(x);
    const scale = scaleOf(text);
    if (digits >= scale) return x + 0;
    const rounded = roundUnscaled(parseDecimal(text, scale)!, scale, digits, divide);
    const value = Number(`${rounded}e${-Math.max(0, digits)}`);
    return float ? Math.fround(value) : value;
  };
}

/** Digits after the point of a number's text, counting its exponent. */
function scaleOf(text: string): number {
  const [mantissa, exponent] = text.split("E");
  const point = mantissa.indexOf(".");
  return Math.max(0, (point < 0 ? 0 : mantissa.length - point - 1) - Number(exponent ?? 0));
}

const halfUp: Divide = divideHalfUp;

export const round = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["round"],
  doc: "The number rounded to some digits after the point, halves away from zero.",
  signature,
  nullable: "sometimes",
  eval: (call) => rounding(call, halfUp),
});

export const bround = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["bround"],
  doc: "The number rounded to some digits after the point, halves to the even digit.",
  signature,
  nullable: "sometimes",
  eval: (call) => rounding(call, halfEven),
});
