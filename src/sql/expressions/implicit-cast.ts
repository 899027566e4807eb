import {
  ArrayType,
  type DataType,
  DataType as DataTypeClass,
  DateType,
  DecimalType,
  doubleType,
  IntegralType,
  longType,
  MapType,
  NullType,
  nullType,
  NumericType,
  StringType,
  StructType,
  timestampType,
  VectorUDT,
} from "../types/index.js";
import { decimalFor, isNested, isNumeric, isTimestamp, sameType } from "./coercion.js";
import { forcesNull } from "./cast/can-cast.js";
import type { Expression } from "./expression.js";
import { isNullable, typeOf } from "./expression-type.js";

/** What an argument may be: a type, a family of types, or one of several. */
export type Expected =
  | DataType
  | "any"
  | "numeric"
  | "integral"
  | "decimal"
  | "array"
  | "map"
  | "struct"
  | "timestamps"
  | "atomic"
  | readonly Expected[];

export function accepts(expected: Expected, type: DataType): boolean {
  if (Array.isArray(expected)) return expected.some((one: Expected) => accepts(one, type));
  if (expected instanceof DataTypeClass) return sameType(expected, type);
  switch (expected as Exclude<Expected, DataType | readonly Expected[]>) {
    case "any":
      return true;
    case "numeric":
      return isNumeric(type);
    case "integral":
      return type instanceof IntegralType;
    case "decimal":
      return type instanceof DecimalType;
    case "array":
      return type instanceof ArrayType;
    case "map":
      return type instanceof MapType;
    case "struct":
      return type instanceof StructType;
    case "timestamps":
      return isTimestamp(type);
    case "atomic":
      return !isNested(type) && !(type instanceof VectorUDT);
  }
}

const defaults: Readonly<Record<string, DataType>> = {
  numeric: doubleType,
  integral: longType,
  decimal: new DecimalType(38, 18),
  timestamps: timestampType,
  array: new ArrayType(nullType),
  map: new MapType(nullType, nullType),
  struct: new StructType(),
};

const isNestedFamily = (family: string): boolean => ["array", "map", "struct"].includes(family);

/** The type an argument is cast to where `expected` is wanted (Spark's ANSI `implicitCast`); undefined when it does not fit. */
export function implicitCastType(type: DataType, expected: Expected): DataType | undefined {
  if (accepts(expected, type)) return type;
  if (Array.isArray(expected)) return closest(type, expected as readonly Expected[]);
  if (!(expected instanceof DataTypeClass)) {
    if (expected === "decimal" && type instanceof NumericType) return decimalFor(type);
    if (type instanceof NullType) return defaults[expected as string] ?? type;
    if (type instanceof StringType && !isNestedFamily(expected as string)) return defaults[expected as string];
    if (expected === "timestamps" && type instanceof DateType) return timestampType;
    return undefined;
  }
  if (type instanceof StringType && !isNested(expected) && !(expected instanceof VectorUDT)) return expected;
  return canStoreAssign(type, expected) ? expected : undefined;
}

/** Whether a value may silently be stored as another type (Spark's `canANSIStoreAssign`). */
export function canStoreAssign(from: DataType, to: DataType): boolean {
  if (from.equals(to) || from instanceof NullType) return true;
  if (isNumeric(from) && isNumeric(to)) return true;
  if (to instanceof StringType) return !isNested(from) && !(from instanceof VectorUDT);
  if (isDatetime(from) && isDatetime(to)) return true;
  if (from instanceof ArrayType && to instanceof ArrayType) return canStoreAssign(from.elementType, to.elementType);
  if (from instanceof MapType && to instanceof MapType) {
    return canStoreAssign(from.keyType, to.keyType) && canStoreAssign(from.valueType, to.valueType);
  }
  if (from instanceof StructType && to instanceof StructType) {
    return from.length === to.length && from.fields.every((f, i) => canStoreAssign(f.dataType, to.fields[i].dataType));
  }
  return false;
}

const isDatetime = (type: DataType): boolean => type instanceof DateType || isTimestamp(type);

/** The first convertible type from which all other convertible types can be reached. */
function closest(type: DataType, expected: readonly Expected[]): DataType | undefined {
  const convertible = expected.map((one) => implicitCastType(type, one)).filter((t) => t !== undefined);
  return convertible.find((one) => convertible.every((other) => implicitCastType(one, other))) ?? convertible[0];
}

/** The expression as another type: itself when it has that type already, else under an implicit cast. */
export function castTo(e: Expression, type: DataType): Expression {
  const from = typeOf(e);
  if (from.equals(type)) return e;
  if (e.kind === "literal" && e.value === null) return { ...e, type };
  if (sameType(from, type)) return e;
  return {
    kind: "cast",
    child: e,
    type,
    lenient: false,
    implicit: true,
    nullable: isNullable(e) || forcesNull(from, type),
  };
}
