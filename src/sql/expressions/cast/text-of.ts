import { formatDate, formatTimestamp, javaDouble, javaFloat, timeZone } from "../../../common/index.js";
import {
  ArrayType,
  BinaryType,
  type DataType,
  DateType,
  DecimalType,
  decimalText,
  DoubleType,
  externalConverter,
  FloatType,
  MapType,
  StructType,
  TimestampNTZType,
  TimestampType,
  UserDefinedType,
  VectorUDT,
} from "../../types/index.js";

const decoder = new TextDecoder();

/** A function from internal values (not null) of the type to the text that `CAST(... AS STRING)` gives. */
export function textConverter(type: DataType, zone: string): (value: never) => string {
  if (type instanceof DoubleType) return javaDouble;
  if (type instanceof FloatType) return javaFloat;
  if (type instanceof DecimalType) return (value: bigint) => decimalText(value, type.scale);
  if (type instanceof DateType) return formatDate;
  if (type instanceof TimestampNTZType) return (micros: bigint) => formatTimestamp(micros);
  if (type instanceof TimestampType) {
    const own = timeZone(zone);
    return (micros: bigint) => formatTimestamp(micros, own);
  }
  if (type instanceof BinaryType) return (bytes: Uint8Array) => decoder.decode(bytes);
  if (type instanceof ArrayType) {
    const element = nullable(type.elementType, zone);
    return (values: readonly unknown[]) => `[${values.map(element).join(", ")}]`;
  }
  if (type instanceof StructType) {
    const fields = type.fields.map((field) => nullable(field.dataType, zone));
    return (values: readonly unknown[]) => `{${fields.map((field, i) => field(values[i])).join(", ")}}`;
  }
  if (type instanceof MapType) {
    const key = nullable(type.keyType, zone);
    const value = nullable(type.valueType, zone);
    return (entries: readonly (readonly [unknown, unknown])[]) =>
      `{${entries.map(([k, v]) => `${key(k)} -> ${value(v)}`).join(", ")}}`;
  }
  if (type instanceof UserDefinedType && !(type instanceof VectorUDT)) {
    const external = externalConverter(type);
    return (value: unknown) => String(external(value));
  }
  return String;
}

function nullable(type: DataType, zone: string): (value: unknown) => string {
  const text = textConverter(type, zone) as (value: unknown) => string;
  return (value) => (value === null || value === undefined ? "null" : text(value));
}
