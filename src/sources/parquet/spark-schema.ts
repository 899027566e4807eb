import type { FileMetaData, SchemaElement, SchemaTree } from "hyparquet";
import { AnalysisException } from "../../common/index.js";
import {
  ArrayType,
  binaryType,
  booleanType,
  byteType,
  type DataType,
  dateType,
  DecimalType,
  doubleType,
  floatType,
  integerType,
  longType,
  MapType,
  nullType,
  shortType,
  stringType,
  StructField,
  StructType,
  timestampNTZType,
  timestampType,
  typeFromJson,
} from "../../sql/types/index.js";

export const ROW_METADATA = "org.apache.spark.sql.parquet.row.metadata";

/** The schema of a file: what Spark wrote into the footer, or the conversion of Parquet's own schema; all nullable. */
export function sparkSchema(metadata: FileMetaData, tree: SchemaTree, nanosAsLong = false): StructType {
  const stored = metadata.key_value_metadata?.find(({ key }) => key === ROW_METADATA)?.value;
  if (stored) return asNullable(typeFromJson(JSON.parse(stored))) as StructType;
  return new StructType(
    tree.children.map((child) => new StructField(child.element.name, fieldType(child, nanosAsLong), true)),
  );
}

/** The same type with everything nullable, as Spark reads files. */
export function asNullable(type: DataType): DataType {
  if (type instanceof StructType) {
    return new StructType(type.fields.map((f) => new StructField(f.name, asNullable(f.dataType), true, f.metadata)));
  }
  if (type instanceof ArrayType) return new ArrayType(asNullable(type.elementType), true);
  if (type instanceof MapType) return new MapType(asNullable(type.keyType), asNullable(type.valueType), true);
  return type;
}

function fieldType(node: SchemaTree, nanosAsLong: boolean): DataType {
  if (node.element.repetition_type === "REPEATED") return new ArrayType(typeOf(node, nanosAsLong), true);
  return typeOf(node, nanosAsLong);
}

function typeOf(node: SchemaTree, nanosAsLong: boolean): DataType {
  if (node.element.type) return leafType(node.element, nanosAsLong);
  if (isAnnotated(node, "LIST")) {
    const element = listElement(node);
    return new ArrayType(typeOf(element, nanosAsLong), true);
  }
  if (isAnnotated(node, "MAP") || isAnnotated(node, "MAP_KEY_VALUE")) {
    const [key, value] = node.children[0].children;
    return new MapType(typeOf(key, nanosAsLong), typeOf(value, nanosAsLong), true);
  }
  return new StructType(
    node.children.map((child) => new StructField(child.element.name, fieldType(child, nanosAsLong), true)),
  );
}

export const isAnnotated = ({ element }: SchemaTree, name: "LIST" | "MAP" | "MAP_KEY_VALUE"): boolean =>
  element.converted_type === name || element.logical_type?.type === name;

/** The node of a list's items: below the repeated group, or, in older files, the repeated node itself. */
export function listElement(list: SchemaTree): SchemaTree {
  const repeated = list.children[0];
  const { name } = repeated.element;
  const isItem = repeated.children.length !== 1 || name === "array" || name === `${list.element.name}_tuple`;
  return isItem ? repeated : repeated.children[0];
}

export const isUnsigned = ({ converted_type: converted, logical_type: logical }: SchemaElement): boolean =>
  converted?.startsWith("UINT_") === true || (logical?.type === "INTEGER" && !logical.isSigned);

const bitsOf = ({ converted_type: converted, logical_type: logical }: SchemaElement): number | undefined => {
  if (logical?.type === "INTEGER") return logical.bitWidth;
  const match = /^U?INT_(\d+)$/.exec(converted ?? "");
  return match ? Number(match[1]) : undefined;
};

function leafType(element: SchemaElement, nanosAsLong: boolean): DataType {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (logical?.type === "NULL") return nullType;
  if (converted === "DECIMAL" || logical?.type === "DECIMAL") return new DecimalType(element.precision, element.scale);
  switch (type) {
    case "BOOLEAN":
      return booleanType;
    case "FLOAT":
      return floatType;
    case "DOUBLE":
      return doubleType;
    case "INT96":
      return timestampType;
    case "INT32": {
      if (converted === "DATE" || logical?.type === "DATE") return dateType;
      const bits = bitsOf(element) ?? 32;
      if (converted === "TIME_MILLIS" || logical?.type === "TIME") throw illegal(element);
      if (isUnsigned(element)) return bits === 8 ? shortType : bits === 16 ? integerType : longType;
      return bits === 8 ? byteType : bits === 16 ? shortType : integerType;
    }
    case "INT64":
      if (logical?.type === "TIMESTAMP") {
        if (logical.unit === "NANOS" && nanosAsLong) return longType;
        if (logical.unit === "NANOS") throw illegal(element);
        return logical.isAdjustedToUTC ? timestampType : timestampNTZType;
      }
      if (converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS") return timestampType;
      if (converted === "TIME_MICROS" || logical?.type === "TIME") {
        throw new AnalysisException(`The data type TIME is not supported.`, {
          condition: "UNSUPPORTED_TIME_TYPE",
          sqlState: "0A000",
          parameters: { column: element.name },
        });
      }
      return isUnsigned(element) ? new DecimalType(20, 0) : longType;
    case "BYTE_ARRAY": {
      const isText = converted === "UTF8" || converted === "ENUM" || converted === "JSON";
      return isText || logical?.type === "STRING" || logical?.type === "ENUM" || logical?.type === "JSON"
        ? stringType
        : binaryType;
    }
    case "FIXED_LEN_BYTE_ARRAY":
      if (logical?.type === "FLOAT16") throw illegal(element);
      return binaryType;
    default:
      throw illegal(element);
  }
}

/** A column's type as Parquet's own schema text has it, e.g. `INT64 (TIMESTAMP(NANOS,true))`. */
export function parquetTypeText({ type, converted_type: converted, logical_type: logical }: SchemaElement): string {
  if (logical?.type === "TIMESTAMP" || logical?.type === "TIME") {
    return `${type} (${logical.type}(${logical.unit},${logical.isAdjustedToUTC}))`;
  }
  return converted || logical ? `${type} (${converted ?? logical?.type})` : String(type);
}

const illegal = (element: SchemaElement): AnalysisException =>
  new AnalysisException(`Illegal Parquet type: ${parquetTypeText(element)} of column ${element.name}.`, {
    condition: "PARQUET_TYPE_ILLEGAL",
    sqlState: "42846",
    parameters: { parquetType: parquetTypeText(element), column: element.name },
  });
