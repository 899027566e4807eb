import {
  ArithmeticException,
  javaDouble,
  NumberFormatException,
  DateTimeException,
  SparkRuntimeException,
} from "../../../common/index.js";
import {
  type DataType,
  DateType,
  DecimalType,
  decimalText,
  DoubleType,
  FloatType,
  IntegerType,
  LongType,
  BooleanType,
  ShortType,
  ByteType,
  StringType,
} from "../../types/index.js";

const quoted = (type: DataType): string => `"${type.sql()}"`;

/** Spark's error for text that is no value of the type. */
export function invalidInput(value: string, to: DataType): Error {
  const expression = `'${value.replace(/['\\]/g, "\\$&")}'`;
  const options = {
    condition: "CAST_INVALID_INPUT",
    sqlState: "22018",
    parameters: { expression, sourceType: '"STRING"', targetType: quoted(to), ansiConfig: '"spark.sql.ansi.enabled"' },
  };
  const text =
    `The value ${expression} of the type "STRING" cannot be cast to ${quoted(to)} because it is malformed. ` +
    "Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL instead.";
  if (to instanceof BooleanType) return new SparkRuntimeException(text, options);
  if (to instanceof DateType || to.typeName().startsWith("timestamp")) return new DateTimeException(text, options);
  return new NumberFormatException(text, options);
}

/** Spark's error for a number that the type cannot hold. */
export function castOverflow(value: unknown, from: DataType, to: DataType): ArithmeticException {
  const text = literalText(value, from);
  return new ArithmeticException(
    `The value ${text} of the type ${quoted(from)} cannot be cast to ${quoted(to)} due to an overflow. ` +
      "Use `try_cast` to tolerate overflow and return NULL instead.",
    {
      condition: "CAST_OVERFLOW",
      sqlState: "22003",
      parameters: {
        value: text,
        sourceType: quoted(from),
        targetType: quoted(to),
        ansiConfig: '"spark.sql.ansi.enabled"',
      },
    },
  );
}

/** Spark's error for a number with more digits than the decimal has. */
export function outOfPrecision(value: string, to: DecimalType): ArithmeticException {
  return new ArithmeticException(
    `The ${value} rounded half up from ${value} cannot be represented as Decimal(${to.precision}, ${to.scale}). ` +
      "Use a wider decimal type, or `try_cast` to get NULL instead.",
    {
      condition: "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
      sqlState: "22003",
      parameters: {
        value,
        precision: String(to.precision),
        scale: String(to.scale),
        config: '"spark.sql.ansi.enabled"',
      },
    },
  );
}

function literalText(value: unknown, type: DataType): string {
  if (type instanceof DoubleType) return `${javaDouble(value as number)}D`;
  if (type instanceof FloatType) return `CAST('${javaDouble(value as number)}' AS FLOAT)`;
  if (type instanceof LongType) return `${String(value)}L`;
  if (type instanceof ShortType) return `${String(value)}S`;
  if (type instanceof ByteType) return `${String(value)}T`;
  if (type instanceof DecimalType) return `${decimalText(value as bigint, type.scale)}BD`;
  if (type instanceof IntegerType || !(type instanceof StringType)) return String(value);
  return `'${String(value)}'`;
}
