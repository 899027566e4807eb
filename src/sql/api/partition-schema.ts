import { parseDate, parseTimestamp, timeZone } from "../../common/index.js";
import type { SourceFile } from "../source/index.js";
import {
  dateType,
  doubleType,
  integerType,
  longType,
  stringType,
  StructField,
  StructType,
  timestampType,
  type DataType,
} from "../types/index.js";

/** Columns that the `key=value` directories of some files add, with Spark's inferred types. */
export function partitionSchema(files: readonly SourceFile[], zone: string): StructType {
  const names = [...new Set(files.flatMap((file) => Object.keys(file.partitionValues)))];
  return new StructType(
    names.map(
      (name) =>
        new StructField(
          name,
          typeOfValues(
            files.map((file) => file.partitionValues[name] ?? null),
            zone,
          ),
        ),
    ),
  );
}

function typeOfValues(values: readonly (string | null)[], zone: string): DataType {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeOfValue(value, zone)));
  if (types.size === 1) return [...types][0];
  const order: readonly DataType[] = [integerType, longType, doubleType];
  if (types.size > 1 && [...types].every((type) => order.includes(type)))
    return order.findLast((type) => types.has(type))!;
  if (types.size === 2 && types.has(dateType) && types.has(timestampType)) return timestampType;
  return stringType;
}

function typeOfValue(text: string, zone: string): DataType {
  if (/^[+-]?\d+$/.test(text)) {
    const value = BigInt(text);
    if (BigInt.asIntN(32, value) === value) return integerType;
    if (BigInt.asIntN(64, value) === value) return longType;
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return doubleType;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && parseDate(text) !== undefined) return dateType;
  if (/^\d{4}-\d{2}-\d{2}[ T]/.test(text) && parseTimestamp(text, timeZone(zone)) !== undefined) return timestampType;
  return stringType;
}
