import {
  ArrayType,
  ByteType,
  type DataType,
  DateType,
  DecimalType,
  DoubleType,
  doubleType,
  FloatType,
  FractionalType,
  IntegerType,
  IntegralType,
  LongType,
  longType,
  MapType,
  NullType,
  nullType,
  NumericType,
  ShortType,
  StringType,
  StructField,
  StructType,
  TimestampNTZType,
  TimestampType,
} from "../types/index.js";

const precedence: readonly unknown[] = [ByteType, ShortType, IntegerType, LongType, FloatType, DoubleType];
const integralDigits = new Map<unknown, number>([
  [ByteType, 3],
  [ShortType, 5],
  [IntegerType, 10],
  [LongType, 20],
]);

export const isNumeric = (type: DataType): boolean => type instanceof NumericType;
/** Float or double. */
export const isFloating = (type: DataType): boolean => type instanceof FloatType || type instanceof DoubleType;
export const isTimestamp = (type: DataType): boolean =>
  type instanceof TimestampType || type instanceof TimestampNTZType;

/** The decimal that holds every value of a numeric type (15 digits of a double, 7 of a float). */
export function decimalFor(type: DataType): DecimalType {
  if (type instanceof DecimalType) return type;
  if (type instanceof FloatType) return new DecimalType(14, 7);
  if (type instanceof DoubleType) return new DecimalType(30, 15);
  return new DecimalType(integralDigits.get(type.constructor) ?? 38, 0);
}

/** The decimal that holds the values of both, giving up fraction digits before integral ones. */
export function widerDecimal(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale);
  const digits = Math.max(a.precision - a.scale, b.precision - b.scale);
  return digits + scale <= 38 ? new DecimalType(digits + scale, scale) : new DecimalType(38, Math.max(0, 38 - digits));
}

/** Spark's ANSI `findTightestCommonType`: no loss, no strings. */
export function tightestCommonType(a: DataType, b: DataType): DataType | undefined {
  if (a.equals(b)) return a;
  if (a instanceof NullType) return b;
  if (b instanceof NullType) return a;
  if (isPrimitiveNumber(a) && isPrimitiveNumber(b)) {
    const wider = precedence.indexOf(a.constructor) > precedence.indexOf(b.constructor) ? a : b;
    return wider instanceof FloatType ? doubleType : wider;
  }
  if (a instanceof IntegralType && b instanceof DecimalType) return holds(b, a) ? b : undefined;
  if (b instanceof IntegralType && a instanceof DecimalType) return holds(a, b) ? a : undefined;
  if (a instanceof DateType && isTimestamp(b)) return b;
  if (b instanceof DateType && isTimestamp(a)) return a;
  if (isTimestamp(a) && isTimestamp(b)) return a instanceof TimestampType ? a : b;
  return commonNested(a, b, tightestCommonType);
}

const isPrimitiveNumber = (type: DataType): boolean => precedence.includes(type.constructor);
const holds = (decimal: DecimalType, type: DataType): boolean =>
  decimal.precision - decimal.scale >= (integralDigits.get(type.constructor) ?? 39);

/** Spark's ANSI `findWiderTypeForTwo`: with decimals and strings, as for CASE, coalesce, IN and arrays. */
export function widerType(a: DataType, b: DataType): DataType | undefined {
  return tightestCommonType(a, b) ?? widerWithDecimal(a, b) ?? widerWithString(a, b) ?? commonNested(a, b, widerType);
}

/** Common type of many; undefined when there is none, void for none at all. */
export function commonType(types: readonly DataType[]): DataType | undefined {
  const strings = types.filter(hasString);
  const others = types.filter((type) => !hasString(type));
  let common: DataType | undefined = nullType;
  for (const type of [...strings, ...others]) common = common && widerType(common, type);
  return common;
}

const hasString = (type: DataType): boolean =>
  type instanceof StringType || (type instanceof ArrayType && hasString(type.elementType));

export function widerWithDecimal(a: DataType, b: DataType): DataType | undefined {
  if (!(a instanceof DecimalType || b instanceof DecimalType) || !isNumeric(a) || !isNumeric(b)) return undefined;
  if (isFloating(a) || isFloating(b)) return doubleType;
  return widerDecimal(decimalFor(a), decimalFor(b));
}

/** What a string becomes beside another type: long beside integers, double beside fractions, else that type. */
export function widerWithString(a: DataType, b: DataType): DataType | undefined {
  if (!(a instanceof StringType)) return b instanceof StringType ? widerWithString(b, a) : undefined;
  if (b instanceof IntegralType) return longType;
  if (b instanceof FractionalType) return doubleType;
  if (b instanceof NullType) return a;
  return isNested(b) ? undefined : b;
}

export const isNested = (type: DataType): boolean =>
  type instanceof ArrayType || type instanceof MapType || type instanceof StructType;

function commonNested(
  a: DataType,
  b: DataType,
  common: (a: DataType, b: DataType) => DataType | undefined,
): DataType | undefined {
  if (a instanceof ArrayType && b instanceof ArrayType) {
    const element = common(a.elementType, b.elementType);
    return element && new ArrayType(element, a.containsNull || b.containsNull);
  }
  if (a instanceof MapType && b instanceof MapType) {
    const key = common(a.keyType, b.keyType);
    const value = common(a.valueType, b.valueType);
    return key && value && new MapType(key, value, a.valueContainsNull || b.valueContainsNull);
  }
  if (a instanceof StructType && b instanceof StructType && a.length === b.length) {
    const fields: StructField[] = [];
    for (const [i, field] of a.fields.entries()) {
      const other = b.fields[i];
      const type = common(field.dataType, other.dataType);
      if (!type || field.name.toLowerCase() !== other.name.toLowerCase()) return undefined;
      fields.push(new StructField(field.name, type, field.nullable || other.nullable));
    }
    return new StructType(fields);
  }
  return undefined;
}

/** Same type apart from the nullability of nested values. */
export function sameType(a: DataType, b: DataType): boolean {
  if (a.equals(b)) return true;
  const common = commonNested(a, b, (x, y) => (sameType(x, y) ? x : undefined));
  return common !== undefined;
}
