import { IllegalArgumentException } from "../../common/index.js";
import {
  ArrayType,
  type DataType,
  DecimalType,
  doubleType,
  floatType,
  NumericType,
  StructField,
  StructType,
  UserDefinedType,
  vectorType,
} from "../../sql/types/index.js";
import { javaStringHash } from "./uid.js";

/** Scala's `require`: throws `requirement failed: <message>`. */
export function require(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new IllegalArgumentException(`requirement failed: ${message()}`);
}

/** The field of a column; throws Spark's `FIELD_NOT_FOUND`. */
export function fieldOf(schema: StructType, name: string): StructField {
  const field = schema.find(name);
  if (field) return field;
  const fields = schema.fieldNames.map((known) => `\`${known}\``).join(", ");
  throw new IllegalArgumentException(`No such struct field \`${name}\` in ${fields}.`, {
    condition: "FIELD_NOT_FOUND",
    sqlState: "42704",
    parameters: { fieldName: `\`${name}\``, fields },
  });
}

/** Spark's `catalogString`: user-defined types appear as the type they are stored in. */
export function catalogString(type: DataType): string {
  if (type instanceof UserDefinedType) return type.sqlType.simpleString();
  return type instanceof ArrayType ? `array<${catalogString(type.elementType)}>` : type.simpleString();
}

const irregular: Readonly<Record<string, string>> = { void: "NullType", timestamp_ntz: "TimestampNTZType" };

/** A type as Scala prints it in messages: `IntegerType`; a user-defined one as its class and that name's hash. */
export function scalaTypeName(type: DataType): string {
  if (type instanceof UserDefinedType && type.className) {
    return `${type.className}@${(javaStringHash(type.className) >>> 0).toString(16)}`;
  }
  const name = type.typeName().replace(/\(.*/, "");
  return irregular[name] ?? `${name[0].toUpperCase()}${name.slice(1)}Type`;
}

function scalaClass(type: DataType): string {
  if (type instanceof UserDefinedType) return type.className ?? type.typeName();
  const singleton = !/^(array|map|struct|decimal)/.test(type.typeName());
  return `org.apache.spark.sql.types.${scalaTypeName(type)}${singleton ? "$" : ""}`;
}

export const isNumericType = (type: DataType): boolean => type instanceof NumericType || type instanceof DecimalType;

/** Checks that a column has exactly this type. */
export function checkColumnType(schema: StructType, name: string, expected: DataType): StructField {
  const field = fieldOf(schema, name);
  const actual = field.dataType;
  require(actual.equals(expected), () =>
    `Column ${name} must be of type class ${scalaClass(expected)}:${catalogString(expected)} ` +
    `but was actually class ${scalaClass(actual)}:${catalogString(actual)}.`);
  return field;
}

/** Checks that a column has one of these types (array types also compare `containsNull`). */
export function checkColumnTypes(schema: StructType, name: string, expected: readonly DataType[]): StructField {
  const field = fieldOf(schema, name);
  const actual = field.dataType;
  require(expected.some((type) => type.equals(actual)), () =>
    `Column ${name} must be of type equal to one of the following types: ` +
    `[${expected.map(catalogString).join(", ")}] but was actually of type ${catalogString(actual)}.`);
  return field;
}

const vectorCompatible = [vectorType, new ArrayType(doubleType, false), new ArrayType(floatType, false)];

/** Checks that a column holds vectors or arrays (without nulls) of double or float. */
export const checkVectorCompatible = (schema: StructType, name: string): StructField =>
  checkColumnTypes(schema, name, vectorCompatible);

/** Checks that a column is numeric (integral, floating or decimal). */
export function checkNumericColumn(schema: StructType, name: string): StructField {
  const field = fieldOf(schema, name);
  require(isNumericType(field.dataType), () =>
    `Column ${name} must be of type numeric but was actually of type ${catalogString(field.dataType)}.`);
  return field;
}

/** The schema with one more column; a column named "" is switched off; a name that exists is an error. */
export function appendColumn(schema: StructType, name: string, type: DataType, nullable = false): StructType {
  if (name === "") return schema;
  require(!schema.has(name), () => `Column ${name} already exists.`);
  return schema.add(new StructField(name, type, nullable));
}

/** The schema with these columns replaced where the name exists and appended where it does not. */
export function withColumns(schema: StructType, fields: readonly StructField[]): StructType {
  const replaced = schema.fields.map((field) => fields.find((added) => added.name === field.name) ?? field);
  const appended = fields.filter((field) => !schema.has(field.name));
  return new StructType([...replaced, ...appended]);
}
