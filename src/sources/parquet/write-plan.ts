import type { SchemaElement } from "hyparquet";
import { AnalysisException } from "../../common/index.js";
import {
  ArrayType,
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
  MapType,
  NullType,
  ShortType,
  StringType,
  StructType,
  TimestampNTZType,
  TimestampType,
  UserDefinedType,
  VectorUDT,
} from "../../sql/types/index.js";
import type { WriteNode } from "./shred.js";

export interface WritePlan {
  /** The file's schema in depth-first order, as the footer has it. */
  readonly schema: readonly SchemaElement[];
  readonly nodes: readonly WriteNode[];
}

/** Spark's physical schema of a table: optional where nullable, three-level lists and maps, user types as their structs. */
export function writePlan(schema: StructType): WritePlan {
  const elements: SchemaElement[] = [{ name: "spark_schema", num_children: schema.fields.length }];
  const nodes = schema.fields.map((f) => add(f.name, f.dataType, f.nullable, [], elements));
  return { schema: elements, nodes };
}

function add(
  name: string,
  type: DataType,
  optional: boolean,
  above: readonly string[],
  elements: SchemaElement[],
): WriteNode {
  const path = [...above, name];
  const repetition_type = optional ? ("OPTIONAL" as const) : ("REQUIRED" as const);
  if (type instanceof VectorUDT) {
    return { kind: "vector", optional, struct: add(name, type.sqlType, optional, above, elements) };
  }
  if (type instanceof UserDefinedType) return add(name, type.sqlType, optional, above, elements);
  if (type instanceof StructType) {
    elements.push({ name, repetition_type, num_children: type.fields.length });
    const children = type.fields.map((f) => add(f.name, f.dataType, f.nullable, path, elements));
    return { kind: "struct", optional, children };
  }
  if (type instanceof ArrayType) {
    const logical_type = { type: "LIST" as const };
    elements.push({ name, repetition_type, num_children: 1, converted_type: "LIST", logical_type });
    elements.push({ name: "list", repetition_type: "REPEATED", num_children: 1 });
    const child = add("element", type.elementType, type.containsNull, [...path, "list"], elements);
    return { kind: "list", optional, child };
  }
  if (type instanceof MapType) {
    const logical_type = { type: "MAP" as const };
    elements.push({ name, repetition_type, num_children: 1, converted_type: "MAP", logical_type });
    elements.push({ name: "key_value", repetition_type: "REPEATED", num_children: 2 });
    const entry = [...path, "key_value"];
    const children = [
      add("key", type.keyType, false, entry, elements),
      add("value", type.valueType, type.valueContainsNull, entry, elements),
    ];
    return { kind: "list", optional, child: { kind: "struct", optional: false, children } };
  }
  const element: SchemaElement = { name, repetition_type, ...leafElement(name, type) };
  elements.push(element);
  return { kind: "leaf", optional, path, element };
}

type LeafElement = Omit<SchemaElement, "name">;

function leafElement(name: string, type: DataType): LeafElement {
  if (type instanceof BooleanType) return { type: "BOOLEAN" };
  if (type instanceof ByteType) return integer("INT_8");
  if (type instanceof ShortType) return integer("INT_16");
  if (type instanceof IntegerType) return { type: "INT32" };
  if (type instanceof LongType) return { type: "INT64" };
  if (type instanceof FloatType) return { type: "FLOAT" };
  if (type instanceof DoubleType) return { type: "DOUBLE" };
  if (type instanceof StringType) {
    return { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
  }
  if (type instanceof BinaryType) return { type: "BYTE_ARRAY" };
  if (type instanceof DateType) return { type: "INT32", converted_type: "DATE", logical_type: { type: "DATE" } };
  if (type instanceof TimestampType || type instanceof TimestampNTZType) {
    const isAdjustedToUTC = type instanceof TimestampType;
    return {
      type: "INT64",
      ...(isAdjustedToUTC && { converted_type: "TIMESTAMP_MICROS" as const }),
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC, unit: "MICROS" },
    };
  }
  if (type instanceof DecimalType) return decimal(type);
  if (type instanceof NullType) return { type: "BOOLEAN", logical_type: { type: "NULL" } };
  throw new AnalysisException(`The Parquet datasource doesn't support the column ${name} of the type ${type.sql()}.`, {
    condition: "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
    sqlState: "0A000",
    parameters: { format: "Parquet", columnName: name, columnType: type.sql() },
  });
}

/** Without the logical type: hyparquet-writer 0.17 stores its one-byte bit width as i32, which parquet-mr rejects. */
const integer = (converted_type: "INT_8" | "INT_16"): LeafElement => ({ type: "INT32", converted_type });

function decimal({ precision, scale }: DecimalType): LeafElement {
  const logical_type = { type: "DECIMAL" as const, precision, scale };
  const common = { converted_type: "DECIMAL" as const, logical_type, precision, scale };
  if (precision <= 9) return { type: "INT32", ...common };
  if (precision <= 18) return { type: "INT64", ...common };
  return { type: "FIXED_LEN_BYTE_ARRAY", type_length: bytesFor(precision), ...common };
}

/** Bytes that hold every signed number of so many digits. */
function bytesFor(precision: number): number {
  let bytes = 1;
  while (2n ** BigInt(8 * bytes - 1) < 10n ** BigInt(precision)) bytes++;
  return bytes;
}
