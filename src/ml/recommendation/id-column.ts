import { type Column, isNull, type LongColumn, type NumberColumn, valueAt } from "../../columnar/index.js";
import { ArithmeticException, javaDouble, type SparkException } from "../../common/index.js";
import { type DataType, DecimalType, decimalText, powerOfTen } from "../../sql/types/index.js";
import { raised } from "../base/index.js";

/** How ids of a column are read and named in errors. */
export interface IdColumn {
  readonly name: string;
  /** SQL name of the column's type, e.g. `BIGINT`. */
  readonly type: string;
  /** Digits after the point of a decimal; 0 otherwise. */
  readonly scale: number;
}

export const idColumn = (name: string, type: DataType): IdColumn => ({
  name,
  type: type.sql(),
  scale: type instanceof DecimalType ? type.scale : 0,
});

const MIN = -(2 ** 31);
const MAX = 2 ** 31 - 1;

/** Ids of a numeric column as 32-bit integers; throws Spark's errors for nulls, fractions and numbers out of range. */
export function readIds(column: Column, numRows: number, id: IdColumn): Int32Array {
  if (column.validity !== null || column.layout === "null") checkNulls(column, numRows, id);
  const ids = new Int32Array(numRows);
  switch (column.layout) {
    case "i8":
    case "i16":
    case "i32":
      ids.set((column as NumberColumn).values.subarray(0, numRows));
      return ids;
    case "i64":
    case "i128":
      return readWhole(column as LongColumn, ids, id);
    default:
      return readFractional((column as NumberColumn).values as Float64Array, ids, id);
  }
}

function checkNulls(column: Column, numRows: number, id: IdColumn): void {
  for (let i = 0; i < numRows; i++) {
    // For types other than int Spark's message is built from the null itself, and so is null.
    if (isNull(column, i)) throw raised(id.type === "INT" ? `${id.name} Ids MUST NOT be Null` : "null");
  }
}

function readWhole(column: Column, ids: Int32Array, id: IdColumn): Int32Array {
  const unit = powerOfTen(id.scale);
  for (let i = 0; i < ids.length; i++) {
    const unscaled = valueAt(column, i) as bigint;
    const value = Number(unscaled / unit);
    const text = decimalText(unscaled, id.scale);
    if (value < MIN || value > MAX) throw overflow(column.layout === "i64" ? `${text}L` : `${text}BD`, id);
    if (unscaled % unit !== 0n) throw notAnId(text, id);
    ids[i] = value;
  }
  return ids;
}

function readFractional(values: Float64Array | Float32Array, ids: Int32Array, id: IdColumn): Int32Array {
  const suffix = id.type === "DOUBLE" ? "D" : "";
  for (let i = 0; i < ids.length; i++) {
    const value = values[i];
    const whole = Math.trunc(value);
    if (!(whole >= MIN && whole <= MAX)) {
      throw overflow(Number.isFinite(value) ? `${javaDouble(value)}${suffix}` : String(value), id);
    }
    if (whole !== value) throw notAnId(javaDouble(value), id);
    ids[i] = whole;
  }
  return ids;
}

const notAnId = (value: string, id: IdColumn): SparkException =>
  raised(
    `ALS only supports non-Null values in Integer range and without fractional part for column ${id.name}, but got ${value}`,
  );

const overflow = (value: string, id: IdColumn): ArithmeticException =>
  new ArithmeticException(
    `The value ${value} of the type "${id.type}" cannot be cast to "INT" due to an overflow. Use \`try_cast\` to tolerate overflow and return NULL instead.`,
    {
      condition: "CAST_OVERFLOW",
      sqlState: "22003",
      parameters: { value, sourceType: `"${id.type}"`, targetType: '"INT"' },
    },
  );
