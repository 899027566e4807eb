/** What Spark writes for a type in schema JSON: a name, or an object for nested and user-defined types. */
export type TypeJson = string | { readonly [key: string]: unknown };

/** A Spark SQL data type. Instances are immutable; compare with {@link DataType.equals}. */
export abstract class DataType {
  /** Name in `printSchema` and in error messages, e.g. `integer`, `decimal(10,2)`, `struct`. */
  abstract typeName(): string;
  /** Short name, e.g. `int`, `array<bigint>`; what `df.dtypes` shows. */
  abstract simpleString(): string;
  /** Name in SQL text and in error messages, e.g. `INT`, `ARRAY<BIGINT>`. */
  sql(): string {
    return this.simpleString().toUpperCase();
  }
  /** The type as Spark's schema JSON has it. */
  jsonValue(): TypeJson {
    return this.typeName();
  }
  json(): string {
    return JSON.stringify(this.jsonValue());
  }
  toJSON(): TypeJson {
    return this.jsonValue();
  }
  /** Same type, nullability of nested values included. */
  equals(other: unknown): boolean {
    return this === other || (other instanceof DataType && this.json() === other.json());
  }
  toString(): string {
    return `${this.constructor.name}()`;
  }
}
