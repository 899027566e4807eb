import { formatDate, formatTimestamp } from "../../../src/common/index.js";
import {
  ArrayType,
  BinaryType,
  type DataType,
  DateType,
  DecimalType,
  decimalText,
  DoubleType,
  FloatType,
  LongType,
  MapType,
  StructType,
  TimestampNTZType,
  TimestampType,
} from "../../../src/sql/types/index.js";

type Json = null | boolean | number | string | readonly Json[];

/** An internal value as the recorded answers of Spark write it. */
export function goldenValue(type: DataType, value: unknown): Json {
  if (value === null) return null;
  if (type instanceof LongType) return String(value);
  if (type instanceof DecimalType) return decimalText(value as bigint, type.scale);
  if (type instanceof DoubleType || type instanceof FloatType) {
    return Number.isFinite(value) ? (value as number) : String(value);
  }
  if (type instanceof BinaryType)
    return Buffer.from(value as Uint8Array)
      .toString("hex")
      .toUpperCase();
  if (type instanceof DateType) return formatDate(value as number);
  if (type instanceof TimestampType) return `${formatTimestamp(value as bigint).replace(" ", "T")}Z`;
  if (type instanceof TimestampNTZType) return formatTimestamp(value as bigint).replace(" ", "T");
  if (type instanceof ArrayType) return (value as unknown[]).map((item) => goldenValue(type.elementType, item));
  if (type instanceof MapType) {
    const entries = value as (readonly [unknown, unknown])[];
    return entries.map(([k, v]) => [goldenValue(type.keyType, k), goldenValue(type.valueType, v)]);
  }
  if (type instanceof StructType) {
    return (value as unknown[]).map((item, i) => goldenValue(type.fields[i].dataType, item));
  }
  return value as Json;
}

/** Doubles to 1e-12 relative (floats to their precision), all else exactly. */
export function sameGolden(a: Json, b: Json, single = false): boolean {
  if (typeof a === "number" && typeof b === "number") {
    if (single) return Math.fround(a) === Math.fround(b);
    return Object.is(a, b) || (a !== 0 && Math.abs(a - b) <= 1e-12 * Math.abs(a));
  }
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((x, i) => sameGolden(x, b[i], single));
  return a === b;
}
