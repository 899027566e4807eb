import { DataType } from "./data-type.js";

/** A type without parameters. */
export abstract class AtomicType extends DataType {
  protected abstract readonly names: readonly [typeName: string, simpleString?: string];
  override typeName(): string {
    return this.names[0];
  }
  override simpleString(): string {
    return this.names[1] ?? this.names[0];
  }
  override equals(other: unknown): boolean {
    return other instanceof DataType && other.constructor === this.constructor;
  }
}

/** A type whose values are numbers. */
export abstract class NumericType extends AtomicType {}
export abstract class IntegralType extends NumericType {}
/** Floating point, and decimals. */
export abstract class FractionalType extends NumericType {}

/** The type of `NULL` alone. */
export class NullType extends AtomicType {
  protected readonly names = ["void"] as const;
}
export class BooleanType extends AtomicType {
  protected readonly names = ["boolean"] as const;
}
/** 8-bit signed integer. */
export class ByteType extends IntegralType {
  protected readonly names = ["byte", "tinyint"] as const;
}
/** 16-bit signed integer. */
export class ShortType extends IntegralType {
  protected readonly names = ["short", "smallint"] as const;
}
/** 32-bit signed integer. */
export class IntegerType extends IntegralType {
  protected readonly names = ["integer", "int"] as const;
}
/** 64-bit signed integer. */
export class LongType extends IntegralType {
  protected readonly names = ["long", "bigint"] as const;
}
export class FloatType extends FractionalType {
  protected readonly names = ["float"] as const;
}
export class DoubleType extends FractionalType {
  protected readonly names = ["double"] as const;
}
export class StringType extends AtomicType {
  protected readonly names = ["string"] as const;
}
export class BinaryType extends AtomicType {
  protected readonly names = ["binary"] as const;
}
/** Days since 1970-01-01, no time of day. */
export class DateType extends AtomicType {
  protected readonly names = ["date"] as const;
}
/** A moment, in microseconds since 1970-01-01T00:00:00Z; shown in the session's time zone. */
export class TimestampType extends AtomicType {
  protected readonly names = ["timestamp"] as const;
}
/** Date and time of day in microseconds, without a time zone. */
export class TimestampNTZType extends AtomicType {
  protected readonly names = ["timestamp_ntz"] as const;
}

export const nullType = new NullType();
export const booleanType = new BooleanType();
export const byteType = new ByteType();
export const shortType = new ShortType();
export const integerType = new IntegerType();
export const longType = new LongType();
export const floatType = new FloatType();
export const doubleType = new DoubleType();
export const stringType = new StringType();
export const binaryType = new BinaryType();
export const dateType = new DateType();
export const timestampType = new TimestampType();
export const timestampNTZType = new TimestampNTZType();

/** The parameterless types, in Spark's order. */
export const atomicTypes: readonly AtomicType[] = [
  nullType,
  booleanType,
  byteType,
  shortType,
  integerType,
  longType,
  floatType,
  doubleType,
  stringType,
  binaryType,
  dateType,
  timestampType,
  timestampNTZType,
];
