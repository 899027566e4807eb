import { columnBuilder, gather, nullColumn, type Column } from "../../columnar/index.js";
import { parseDate, parseTimestamp, SparkRuntimeException, timeZone } from "../../common/index.js";
import {
  BooleanType,
  type DataType,
  DateType,
  DecimalType,
  layoutOf,
  LongType,
  NumericType,
  parseDecimal,
  StringType,
  TimestampType,
} from "../../sql/types/index.js";

/** A column of `length` equal values: what a `key=value` directory says about every row of its files. */
export function partitionColumn(value: string | null, type: DataType, length: number, zone: string): Column {
  const layout = layoutOf(type);
  if (value === null) return nullColumn(layout, length);
  const one = columnBuilder(layout, 1);
  one.append(partitionValue(value, type, zone));
  return gather(one.finish(), new Int32Array(length));
}

function partitionValue(text: string, type: DataType, zone: string): unknown {
  const value = convert(text, type, zone);
  if (value !== undefined) return value;
  throw new SparkRuntimeException(`Failed to cast value "${text}" to "${type.sql()}" for a partition column.`, {
    condition: "INVALID_PARTITION_VALUE",
    sqlState: "42846",
    parameters: { value: text, dataType: type.sql() },
  });
}

function convert(text: string, type: DataType, zone: string): unknown {
  if (type instanceof StringType) return text;
  if (type instanceof BooleanType) return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
  if (type instanceof DateType) return parseDate(text);
  if (type instanceof TimestampType) return parseTimestamp(text, timeZone(zone));
  if (type instanceof DecimalType) return parseDecimal(text, type.scale);
  if (type instanceof LongType) return /^[+-]?\d+$/.test(text) ? BigInt(text) : undefined;
  if (type instanceof NumericType) return text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : undefined;
  return undefined;
}
