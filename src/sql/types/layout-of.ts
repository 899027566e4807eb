import type { Layout } from "../../columnar/index.js";
import type { DataType } from "./data-type.js";
import { DecimalType } from "./decimal-type.js";
import { ArrayType, MapType } from "./nested-types.js";
import { StructType } from "./struct-type.js";
import { UserDefinedType, VectorUDT } from "./user-defined-type.js";

const atomic: Readonly<Record<string, Layout>> = {
  void: "null",
  boolean: "bool",
  byte: "i8",
  short: "i16",
  integer: "i32",
  long: "i64",
  float: "f32",
  double: "f64",
  string: "utf8",
  binary: "binary",
  date: "i32",
  timestamp: "i64",
  timestamp_ntz: "i64",
};

/** How values of the type lie in memory. */
export function layoutOf(type: DataType): Layout {
  if (type instanceof DecimalType) return "i128";
  if (type instanceof ArrayType) return { list: layoutOf(type.elementType) };
  if (type instanceof MapType) return { list: { struct: [layoutOf(type.keyType), layoutOf(type.valueType)] } };
  if (type instanceof StructType) return { struct: type.fields.map((field) => layoutOf(field.dataType)) };
  if (type instanceof VectorUDT) return "vector";
  if (type instanceof UserDefinedType) return layoutOf(type.sqlType);
  const layout = atomic[type.typeName()];
  if (!layout) throw new TypeError(`no layout for ${type.simpleString()}`);
  return layout;
}
