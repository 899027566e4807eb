import { AnalysisException } from "../../common/index.js";
import { Matrix, Vector } from "../../linalg/index.js";
import {
  binaryType,
  booleanType,
  DoubleType,
  doubleType,
  LongType,
  longType,
  NullType,
  nullType,
  stringType,
  timestampType,
} from "./atomic-types.js";
import type { DataType } from "./data-type.js";
import { ArrayType, MapType } from "./nested-types.js";
import { Row } from "./row.js";
import { StructField, StructType } from "./struct-type.js";
import { matrixType, vectorType } from "./user-defined-type.js";

/** Type of one JavaScript value; `NullType` for null. Safe integers are `LongType`, other numbers `DoubleType`. */
export function inferType(value: unknown): DataType {
  switch (typeof value) {
    case "undefined":
      return nullType;
    case "number":
      return Number.isSafeInteger(value) ? longType : doubleType;
    case "bigint":
      return longType;
    case "boolean":
      return booleanType;
    case "string":
      return stringType;
    case "object":
      return value === null ? nullType : inferObject(value);
    default:
      throw new AnalysisException(`not supported type: ${typeof value}; give the schema or drop the column.`, {
        condition: "UNSUPPORTED_DATA_TYPE",
        parameters: { data_type: typeof value },
      });
  }
}

function inferObject(value: object): DataType {
  if (value instanceof Date) return timestampType;
  if (value instanceof Uint8Array) return binaryType;
  if (value instanceof Vector) return vectorType;
  if (value instanceof Matrix) return matrixType;
  if (value instanceof Float64Array || value instanceof Float32Array) return new ArrayType(doubleType);
  if (ArrayBuffer.isView(value)) return new ArrayType(longType);
  if (Array.isArray(value)) return new ArrayType(inferAll(value));
  if (value instanceof Map) return new MapType(inferAll(value.keys()), inferAll(value.values()));
  return inferRow(value);
}

function inferAll(values: Iterable<unknown>): DataType {
  let type: DataType = nullType;
  for (const value of values) type = mergeTypes(type, inferType(value));
  return type;
}

/** Schema of one row: an object, a `Row`, or an array with column names (`_1`, `_2`, ... without). */
export function inferRow(row: object, names?: readonly string[]): StructType {
  if (Array.isArray(row)) {
    return new StructType(row.map((value, i) => new StructField(names?.[i] ?? `_${i + 1}`, inferType(value))));
  }
  const entries =
    row instanceof Row ? row.fieldNames.map((name, i) => [name, row.get(i)] as const) : Object.entries(row);
  return new StructType(entries.map(([name, value], i) => new StructField(names?.[i] ?? name, inferType(value))));
}

/** The type that holds values of both: null gives way, long gives way to double, structs are united by field name. */
export function mergeTypes(a: DataType, b: DataType): DataType {
  if (a === b || b instanceof NullType) return a;
  if (a instanceof NullType) return b;
  if (a instanceof LongType && b instanceof DoubleType) return b;
  if (a instanceof DoubleType && b instanceof LongType) return a;
  if (a instanceof ArrayType && b instanceof ArrayType) return new ArrayType(mergeTypes(a.elementType, b.elementType));
  if (a instanceof MapType && b instanceof MapType) {
    return new MapType(mergeTypes(a.keyType, b.keyType), mergeTypes(a.valueType, b.valueType));
  }
  if (a instanceof StructType && b instanceof StructType) return mergeStructs(a, b);
  if (a.equals(b)) return a;
  throw new AnalysisException(`Can not merge type ${a.simpleString()} and ${b.simpleString()}; give the schema.`, {
    condition: "CANNOT_MERGE_TYPE",
    parameters: { data_type1: a.simpleString(), data_type2: b.simpleString() },
  });
}

function mergeStructs(a: StructType, b: StructType): StructType {
  let changed = false;
  const merged = a.fields.map((field) => {
    const other = b.find(field.name);
    const dataType = other ? mergeTypes(field.dataType, other.dataType) : field.dataType;
    if (dataType === field.dataType) return field;
    changed = true;
    return new StructField(field.name, dataType);
  });
  const added = b.fields.filter((field) => !a.has(field.name));
  return changed || added.length > 0 ? new StructType([...merged, ...added]) : a;
}

/** Schema that all rows fit; throws Spark's error when a column is null in every row. */
export function inferSchema(rows: Iterable<object>, names?: readonly string[]): StructType {
  let schema: DataType | undefined;
  for (const row of rows) {
    const next = inferRow(row, names);
    schema = schema ? mergeTypes(schema, next) : next;
  }
  if (!(schema instanceof StructType)) {
    throw new AnalysisException("Can not infer schema from empty dataset; give the schema.", {
      condition: "CANNOT_INFER_EMPTY_SCHEMA",
    });
  }
  const undetermined = schema.fields.find((field) => hasNull(field.dataType));
  if (!undetermined) return schema;
  throw new AnalysisException(
    `Some of types cannot be determined after inferring: column ${undetermined.name} holds nulls only; give the schema.`,
    { condition: "CANNOT_DETERMINE_TYPE" },
  );
}

function hasNull(type: DataType): boolean {
  if (type instanceof ArrayType) return hasNull(type.elementType);
  if (type instanceof MapType) return hasNull(type.keyType) || hasNull(type.valueType);
  if (type instanceof StructType) return type.fields.some((field) => hasNull(field.dataType));
  return type instanceof NullType;
}
