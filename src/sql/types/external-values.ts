import { AnalysisException } from "../../common/index.js";
import { Matrix, DenseMatrix, SparseMatrix, Vector } from "../../linalg/index.js";
import {
  BinaryType,
  BooleanType,
  ByteType,
  DateType,
  DoubleType,
  FloatType,
  IntegerType,
  LongType,
  NullType,
  ShortType,
  StringType,
  TimestampNTZType,
  TimestampType,
} from "./atomic-types.js";
import type { DataType } from "./data-type.js";
import { decimalText, fitsPrecision, parseDecimal } from "./decimal-text.js";
import { DecimalType } from "./decimal-type.js";
import { ArrayType, MapType } from "./nested-types.js";
import { Row } from "./row.js";
import { StructType } from "./struct-type.js";
import { MatrixUDT, UserDefinedType, VectorUDT } from "./user-defined-type.js";

type Convert = (value: never) => unknown;
const MILLIS_PER_DAY = 86_400_000;
const identity = (value: unknown): unknown => value;

/** A function from internal values of the type (see `LiteralExpression.value`) to what a user sees; null stays null. */
export function externalConverter(type: DataType): (value: unknown) => unknown {
  const convert = converterOf(type) as (value: unknown) => unknown;
  return (value) => (value === null || value === undefined ? null : convert(value));
}

/** What a user sees of one internal value. */
export const toExternal = (type: DataType, value: unknown): unknown => externalConverter(type)(value);

function converterOf(type: DataType): Convert {
  if (type instanceof LongType) {
    return (value: bigint) => {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    };
  }
  if (type instanceof DecimalType) return (value: bigint) => decimalText(value, type.scale);
  if (type instanceof DateType) return (days: number) => new Date(days * MILLIS_PER_DAY);
  if (type instanceof TimestampType || type instanceof TimestampNTZType) {
    return (micros: bigint) => new Date(Number(floorDivide(micros, 1000n)));
  }
  if (type instanceof ArrayType) {
    const element = externalConverter(type.elementType);
    return (values: readonly unknown[]) => values.map(element);
  }
  if (type instanceof MapType) {
    const key = externalConverter(type.keyType);
    const value = externalConverter(type.valueType);
    return (entries: readonly (readonly [unknown, unknown])[]) => new Map(entries.map(([k, v]) => [key(k), value(v)]));
  }
  if (type instanceof StructType) {
    const names = type.fieldNames;
    const fields = type.fields.map((field) => externalConverter(field.dataType));
    return (values: readonly unknown[]) =>
      new Row(
        names,
        fields.map((field, i) => field(values[i])),
      );
  }
  if (type instanceof MatrixUDT) return matrixFromStruct as Convert;
  if (type instanceof UserDefinedType && !(type instanceof VectorUDT)) return converterOf(type.sqlType);
  return identity;
}

const floorDivide = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((-a + b - 1n) / b));

function matrixFromStruct(struct: readonly unknown[]): Matrix {
  const [type, rows, columns, colPtrs, rowIndices, values, isTransposed] = struct as never as [
    number,
    number,
    number,
    number[],
    number[],
    number[],
    boolean,
  ];
  if (type === 1) return new DenseMatrix(rows, columns, values, isTransposed);
  return new SparseMatrix(rows, columns, colPtrs, rowIndices, values, isTransposed);
}

function structFromMatrix(matrix: Matrix): unknown[] {
  const { numRows, numCols, isTransposed } = matrix;
  const values = Array.from(matrix.values);
  if (!(matrix instanceof SparseMatrix)) return [1, numRows, numCols, null, null, values, isTransposed];
  return [0, numRows, numCols, Array.from(matrix.colPtrs), Array.from(matrix.rowIndices), values, isTransposed];
}

/** A function from what users write to internal values of the type; `name` is the column, for error messages. */
export function internalConverter(type: DataType, name = "value"): (value: unknown) => unknown {
  const convert = parserOf(type, name);
  return (value) => {
    if (value === null || value === undefined) return null;
    const internal = convert(value);
    if (internal === undefined) throw unacceptable(type, value, name);
    return internal;
  };
}

/** The internal form of one value that a user gave. */
export const toInternal = (type: DataType, value: unknown): unknown => internalConverter(type)(value);

const integerRanges = new Map<unknown, readonly [number, number]>([
  [ByteType, [-128, 127]],
  [ShortType, [-32_768, 32_767]],
  [IntegerType, [-2_147_483_648, 2_147_483_647]],
]);

/** Undefined stands for "not acceptable". */
function parserOf(type: DataType, name: string): (value: unknown) => unknown {
  const range = integerRanges.get(type.constructor);
  if (range) return (value) => inRange(type, toInteger(value), range, name);
  if (type instanceof LongType) return (value) => toLong(type, value, name);
  if (type instanceof DoubleType) return (value) => toNumber(value);
  if (type instanceof FloatType) {
    return (value) => {
      const number = toNumber(value);
      return number === undefined ? undefined : Math.fround(number);
    };
  }
  if (type instanceof BooleanType) return (value) => (typeof value === "boolean" ? value : undefined);
  if (type instanceof StringType) return toText;
  if (type instanceof BinaryType) return toBytes;
  if (type instanceof DateType) {
    return (value) => (isDate(value) ? Math.floor(value.getTime() / MILLIS_PER_DAY) : undefined);
  }
  if (type instanceof TimestampType || type instanceof TimestampNTZType) {
    return (value) => (isDate(value) ? BigInt(value.getTime()) * 1000n : undefined);
  }
  if (type instanceof DecimalType) return (value) => toDecimal(type, value, name);
  if (type instanceof ArrayType) {
    const element = internalConverter(type.elementType, `${name}.element`);
    return (value) => (isList(value) ? Array.from(value as ArrayLike<unknown>, element) : undefined);
  }
  if (type instanceof MapType) {
    const key = internalConverter(type.keyType, `${name}.key`);
    const item = internalConverter(type.valueType, `${name}.value`);
    return (value) => {
      if (value === null || typeof value !== "object" || isList(value)) return undefined;
      const entries = value instanceof Map ? [...value] : Object.entries(value);
      return entries.map(([k, v]) => [key(k), item(v)]);
    };
  }
  if (type instanceof StructType) return structParser(type, name);
  if (type instanceof VectorUDT) return (value) => (value instanceof Vector ? value : undefined);
  if (type instanceof MatrixUDT) return (value) => (value instanceof Matrix ? structFromMatrix(value) : undefined);
  if (type instanceof UserDefinedType) return parserOf(type.sqlType, name);
  if (type instanceof NullType) return () => undefined;
  return () => undefined;
}

/** Parses rows given as arrays, `Row`s or objects; checks that what must not be null is not. */
function structParser(type: StructType, prefix: string): (value: unknown) => unknown {
  const fields = type.fields.map((field) => ({
    name: field.name,
    nullable: field.nullable,
    convert: internalConverter(field.dataType, prefix === "value" ? field.name : `${prefix}.${field.name}`),
  }));
  return (value) => {
    if (value === null || typeof value !== "object") return undefined;
    const positional = Array.isArray(value);
    if (positional && value.length !== fields.length) {
      throw new AnalysisException(
        `Length of object (${value.length}) does not match with length of fields (${fields.length}).`,
        {
          condition: "LENGTH_SHOULD_BE_THE_SAME",
          parameters: { arg1_length: String(value.length), arg2_length: String(fields.length) },
        },
      );
    }
    const byName = value instanceof Row ? (key: string): unknown => value.get(key) : undefined;
    return fields.map((field, i) => {
      const given: unknown = positional
        ? value[i]
        : byName
          ? byName(field.name)
          : (value as Readonly<Record<string, unknown>>)[field.name];
      const internal = field.convert(given);
      if (internal === null && !field.nullable) {
        throw new AnalysisException(`Field ${field.name} is not nullable, but got None.`, {
          condition: "FIELD_NOT_NULLABLE_WITH_NAME",
          parameters: { field_name: field.name },
        });
      }
      return internal;
    });
  };
}

const isDate = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime());
const isList = (value: unknown): boolean =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
const toInteger = (value: unknown): number | undefined => {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
};
const toNumber = (value: unknown): number | undefined => {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" ? value : undefined;
};
const toText = (value: unknown): string | undefined => {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
    ? String(value)
    : undefined;
};
const toBytes = (value: unknown): Uint8Array | undefined => {
  if (value instanceof Uint8Array) return value;
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
};

function inRange(
  type: DataType,
  value: number | undefined,
  [low, high]: readonly [number, number],
  name: string,
): number | undefined {
  if (value === undefined || (value >= low && value <= high)) return value;
  throw outOfRange(type, value, low, high, name);
}

function toLong(type: DataType, value: unknown, name: string): bigint | undefined {
  if (typeof value !== "bigint" && !(typeof value === "number" && Number.isInteger(value))) return undefined;
  const long = BigInt(value);
  if (BigInt.asIntN(64, long) !== long) throw outOfRange(type, long, -(2n ** 63n), 2n ** 63n - 1n, name);
  return long;
}

function toDecimal(type: DecimalType, value: unknown, name: string): bigint | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return undefined;
  const unscaled = parseDecimal(String(value).trim(), type.scale);
  if (unscaled === undefined) return undefined;
  if (fitsPrecision(unscaled, type.precision)) return unscaled;
  throw new AnalysisException(`Column ${name}: ${String(value)} cannot be represented as ${type.sql()}.`, {
    condition: "NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION",
    sqlState: "22003",
    parameters: { roundedValue: String(value), originalValue: String(value), precision: String(type.precision) },
  });
}

function outOfRange(type: DataType, value: unknown, low: unknown, high: unknown, name: string): AnalysisException {
  return new AnalysisException(
    `Column ${name}: value ${String(value)} is outside the range ${String(low)} to ${String(high)} of ${type.toString()}.`,
    {
      condition: "VALUE_OUT_OF_BOUNDS",
      parameters: { obj: String(value), lower_bound: String(low), upper_bound: String(high) },
    },
  );
}

function unacceptable(type: DataType, value: unknown, name: string): AnalysisException {
  const kind = typeof value === "object" ? ((value as object).constructor?.name ?? "object") : typeof value;
  const shown = typeof value === "object" ? kind : String(value);
  return new AnalysisException(
    `Column ${name}: ${type.toString()} can not accept object ${shown} in type ${kind}; convert the value or change the schema.`,
    {
      condition: "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME",
      parameters: { field_name: name, data_type: type.toString(), obj: shown, obj_type: kind },
    },
  );
}
