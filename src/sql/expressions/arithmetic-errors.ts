import { ArithmeticException } from "../../common/index.js";
import { type DataType, type DecimalType, decimalText } from "../types/index.js";
import type { CallExpression } from "./expression.js";
import { typeOf } from "./expression-type.js";

const config = '"spark.sql.ansi.enabled"';

/** `ARITHMETIC_OVERFLOW`: a result that its integer type cannot hold. */
export function arithmeticOverflow(message: string, alternative = ""): ArithmeticException {
  const hint = alternative ? ` Use '${alternative}' to tolerate overflow and return NULL instead.` : "";
  return new ArithmeticException(`${message}.${hint} If necessary set ${config} to "false" to bypass this error.`, {
    condition: "ARITHMETIC_OVERFLOW",
    sqlState: "22003",
    parameters: { message, alternative: hint, config },
  });
}

/** `BINARY_ARITHMETIC_OVERFLOW`: the same for tinyint and smallint. */
export function binaryOverflow(
  value1: unknown,
  symbol: string,
  value2: unknown,
  call: CallExpression,
): ArithmeticException {
  const suffix = typeOf(call).typeName() === "byte" ? "Y" : "S";
  const [left, right] = [`${String(value1)}${suffix}`, `${String(value2)}${suffix}`];
  const functionName = tolerant[symbol] ?? "try_add";
  return new ArithmeticException(
    `${left} ${symbol} ${right} caused overflow. Use \`${functionName}\` to ignore overflow problem and return NULL.`,
    {
      condition: "BINARY_ARITHMETIC_OVERFLOW",
      sqlState: "22003",
      parameters: { value1: left, symbol, value2: right, functionName: `\`${functionName}\`` },
    },
  );
}
const tolerant: Readonly<Record<string, string>> = { "+": "try_add", "-": "try_subtract", "*": "try_multiply" };

export function divideByZero(): ArithmeticException {
  return new ArithmeticException(
    `Division by zero. Use \`try_divide\` to tolerate divisor being 0 and return NULL instead. If necessary set ${config} to "false" to bypass this error.`,
    { condition: "DIVIDE_BY_ZERO", sqlState: "22012", parameters: { config } },
  );
}

export function remainderByZero(): ArithmeticException {
  return new ArithmeticException(
    `Remainder by zero. Use \`try_mod\` to tolerate divisor being 0 and return NULL instead. If necessary set ${config} to "false" to bypass this error.`,
    { condition: "REMAINDER_BY_ZERO", sqlState: "22012", parameters: { config } },
  );
}

/** A decimal result with too many digits. */
export function decimalOverflow(unscaled: bigint, scale: number, type: DecimalType): ArithmeticException {
  const value = decimalText(unscaled, scale);
  return new ArithmeticException(
    `The ${value} rounded half up from ${value} cannot be represented as Decimal(${type.precision}, ${type.scale}). If necessary set ${config} to "false" to bypass this error, and return NULL instead.`,
    {
      condition: "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
      sqlState: "22003",
      parameters: { value, precision: String(type.precision), scale: String(type.scale), config },
    },
  );
}

const names: Readonly<Record<string, string>> = {
  byte: "tinyint",
  short: "smallint",
  integer: "integer",
  long: "long",
};
/** `integer overflow` and the like. */
export const overflowMessage = (type: DataType): string => `${names[type.typeName()] ?? type.typeName()} overflow`;
