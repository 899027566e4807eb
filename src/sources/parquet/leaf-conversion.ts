import type { SchemaElement } from "hyparquet";
import type { Column } from "../../columnar/index.js";
import {
  BinaryType,
  BooleanType,
  ByteType,
  type DataType,
  DateType,
  DecimalType,
  DoubleType,
  FloatType,
  IntegerType,
  LongType,
  ShortType,
  StringType,
  TimestampNTZType,
  TimestampType,
} from "../../sql/types/index.js";
import type { LeafValues } from "./leaf-values.js";
import { isUnsigned } from "./spark-schema.js";

type Convert = (values: LeafValues) => Column;
type Fixed = Extract<LeafValues, { kind: "fixed" }>;

/** How stored values become values of `type`; undefined where Spark refuses the pair. */
export function leafConversion(element: SchemaElement, type: DataType): Convert | undefined {
  switch (element.type) {
    case "BOOLEAN":
      return type instanceof BooleanType ? packBits : undefined;
    case "INT32":
      return fromInt32(element, type);
    case "INT64":
      return fromInt64(element, type);
    case "INT96":
      return isTimestamp(type) ? fixed((v) => i64(v.count, int96Micros(v))) : undefined;
    case "FLOAT":
      if (type instanceof FloatType) return fixed((v) => ({ ...base("f32", v), values: f32(v) }));
      if (type instanceof DoubleType) return fixed((v) => ({ ...base("f64", v), values: Float64Array.from(f32(v)) }));
      return undefined;
    case "DOUBLE":
      if (!(type instanceof DoubleType)) return undefined;
      return fixed((v) => ({
        ...base("f64", v),
        values: new Float64Array(v.bytes.buffer, v.bytes.byteOffset, v.count),
      }));
    case "BYTE_ARRAY":
      if (type instanceof StringType) return bytes("utf8");
      if (type instanceof BinaryType) return bytes("binary");
      return type instanceof DecimalType ? fromBigEndian(element, type) : undefined;
    case "FIXED_LEN_BYTE_ARRAY":
      if (type instanceof BinaryType) return fixed(fixedToBinary);
      return type instanceof DecimalType ? fromBigEndian(element, type) : undefined;
    default:
      return undefined;
  }
}

const isTimestamp = (type: DataType): boolean => type instanceof TimestampType || type instanceof TimestampNTZType;
const base = <L extends Column["layout"]>(layout: L, v: LeafValues) =>
  ({ layout, length: v.count, validity: null }) as const;
const i64 = (length: number, values: BigInt64Array): Column => ({ layout: "i64", length, validity: null, values });
const i32s = (v: Fixed): Int32Array => new Int32Array(v.bytes.buffer, v.bytes.byteOffset, v.count);
const i64s = (v: Fixed): BigInt64Array => new BigInt64Array(v.bytes.buffer, v.bytes.byteOffset, v.count);
const f32 = (v: Fixed): Float32Array => new Float32Array(v.bytes.buffer, v.bytes.byteOffset, v.count);
const fixed =
  (convert: (values: Fixed) => Column): Convert =>
  (values) =>
    convert(values as Fixed);

function packBits(v: LeafValues): Column {
  const { values, count } = v as Extract<LeafValues, { kind: "bool" }>;
  const bits = new Uint8Array((count + 7) >> 3);
  for (let i = 0; i < count; i++) bits[i >> 3] |= values[i] << (i & 7);
  return { layout: "bool", length: count, validity: null, values: bits };
}

const MICROS_PER_DAY = 86_400_000_000n;

function fromInt32(element: SchemaElement, type: DataType): Convert | undefined {
  const isDate = element.converted_type === "DATE" || element.logical_type?.type === "DATE";
  if (isDate) {
    if (type instanceof DateType) return fixed((v) => ({ ...base("i32", v), values: i32s(v) }));
    if (!(type instanceof TimestampNTZType)) return undefined;
    return fixed((v) =>
      i64(
        v.count,
        BigInt64Array.from(i32s(v), (days) => BigInt(days) * MICROS_PER_DAY),
      ),
    );
  }
  if (type instanceof DecimalType) return decimalFrom(element, type, 10, (v) => BigInt64Array.from(i32s(v), BigInt));
  if (element.converted_type === "DECIMAL") return undefined;
  if (type instanceof IntegerType) return fixed((v) => ({ ...base("i32", v), values: i32s(v) }));
  if (type instanceof LongType) {
    const unsigned = isUnsigned(element);
    return fixed((v) =>
      i64(
        v.count,
        BigInt64Array.from(i32s(v), (n) => BigInt(unsigned ? n >>> 0 : n)),
      ),
    );
  }
  if (type instanceof ShortType) return fixed((v) => ({ ...base("i16", v), values: Int16Array.from(i32s(v)) }));
  if (type instanceof ByteType) return fixed((v) => ({ ...base("i8", v), values: Int8Array.from(i32s(v)) }));
  if (type instanceof DoubleType) return fixed((v) => ({ ...base("f64", v), values: Float64Array.from(i32s(v)) }));
  return undefined;
}

function fromInt64(element: SchemaElement, type: DataType): Convert | undefined {
  const { converted_type: converted, logical_type: logical } = element;
  const unit =
    logical?.type === "TIMESTAMP" ? logical.unit : converted === "TIMESTAMP_MILLIS" ? "MILLIS" : converted === "TIMESTAMP_MICROS" ? "MICROS" : undefined; // prettier-ignore
  if (unit) {
    if (type instanceof LongType && unit === "NANOS") return fixed((v) => i64(v.count, i64s(v)));
    if (!isTimestamp(type) || unit === "NANOS") return undefined;
    if (unit === "MICROS") return fixed((v) => i64(v.count, i64s(v)));
    return fixed((v) =>
      i64(
        v.count,
        i64s(v).map((millis) => millis * 1000n),
      ),
    );
  }
  if (type instanceof DecimalType) {
    if (!isUnsigned(element)) return decimalFrom(element, type, 20, i64s);
    return type.scale === 0 && type.precision >= 20 ? fixed(unsignedToDecimal) : undefined;
  }
  return type instanceof LongType && converted !== "DECIMAL" ? fixed((v) => i64(v.count, i64s(v))) : undefined;
}

/** Decimals stored in integers, or integers read as decimals when the digits before the point suffice. */
function decimalFrom(
  element: SchemaElement,
  type: DecimalType,
  integerDigits: number,
  unscaled: (values: Fixed) => BigInt64Array,
): Convert | undefined {
  const stored = storedDecimal(element) ?? { precision: integerDigits, scale: 0 };
  const factor = widening(stored, type);
  if (factor === undefined) return undefined;
  return fixed((v) => {
    const from = unscaled(v);
    const values = new BigInt64Array(2 * v.count);
    for (let i = 0; i < v.count; i++) put128(values, i, from[i] * factor);
    return { layout: "i128", length: v.count, validity: null, values };
  });
}

function storedDecimal(element: SchemaElement): { precision: number; scale: number } | undefined {
  if (element.converted_type !== "DECIMAL" && element.logical_type?.type !== "DECIMAL") return undefined;
  return { precision: element.precision ?? 0, scale: element.scale ?? 0 };
}

/** Power of ten to multiply with, or undefined when digits could be lost. */
function widening(from: { precision: number; scale: number }, to: DecimalType): bigint | undefined {
  if (to.scale < from.scale || to.precision - to.scale < from.precision - from.scale) return undefined;
  return 10n ** BigInt(to.scale - from.scale);
}

function put128(values: BigInt64Array, i: number, value: bigint): void {
  values[2 * i] = BigInt.asIntN(64, value);
  values[2 * i + 1] = value >> 64n;
}

function unsignedToDecimal(v: Fixed): Column {
  const from = i64s(v);
  const values = new BigInt64Array(2 * v.count);
  for (let i = 0; i < v.count; i++) values[2 * i] = from[i];
  return { layout: "i128", length: v.count, validity: null, values };
}

function fromBigEndian(element: SchemaElement, type: DecimalType): Convert | undefined {
  const stored = storedDecimal(element);
  const factor = stored && widening(stored, type);
  if (factor === undefined) return undefined;
  return (v) => {
    const values = new BigInt64Array(2 * v.count);
    const words = new Uint8Array(values.buffer);
    for (let i = 0; i < v.count; i++) {
      const [start, end] = rangeAt(v, i);
      const { bytes } = v as Fixed;
      const sign = start < end && bytes[start] & 0x80 ? 0xff : 0;
      for (let k = 0; k < 16; k++) words[i * 16 + k] = end - 1 - k >= start ? bytes[end - 1 - k] : sign;
      if (factor !== 1n) put128(values, i, factor * ((values[2 * i + 1] << 64n) | BigInt.asUintN(64, values[2 * i])));
    }
    return { layout: "i128", length: v.count, validity: null, values };
  };
}

const rangeAt = (v: LeafValues, i: number): [number, number] =>
  v.kind === "bytes" ? [v.offsets[i], v.offsets[i + 1]] : [i * (v as Fixed).width, (i + 1) * (v as Fixed).width];

const bytes =
  (layout: "utf8" | "binary"): Convert =>
  (v) => {
    const { offsets, bytes: data, count } = v as Extract<LeafValues, { kind: "bytes" }>;
    return { layout, length: count, validity: null, offsets, bytes: data };
  };

function fixedToBinary(v: Fixed): Column {
  const offsets = new Int32Array(v.count + 1);
  for (let i = 0; i <= v.count; i++) offsets[i] = i * v.width;
  return { layout: "binary", length: v.count, validity: null, offsets, bytes: v.bytes };
}

/** INT96: nanoseconds of the day (8 bytes), Julian day (4 bytes); Spark keeps microseconds. */
function int96Micros(v: Fixed): BigInt64Array {
  const view = new DataView(v.bytes.buffer, v.bytes.byteOffset, v.bytes.byteLength);
  const micros = new BigInt64Array(v.count);
  for (let i = 0; i < v.count; i++) {
    const days = BigInt(view.getInt32(12 * i + 8, true) - 2_440_588);
    micros[i] = days * MICROS_PER_DAY + view.getBigInt64(12 * i, true) / 1000n;
  }
  return micros;
}
