/** What the values of a builder have in common so far. */
export type Kind = "none" | "int" | "double" | "string" | "bool" | "long" | "tuple" | "list" | "any";

const WIDEST_TUPLE = 8;
const LEAST_LONG = -(2n ** 63n);
const GREATEST_LONG = 2n ** 63n - 1n;

/** 32-bit integers; -0 is none. */
export const isInt = (value: number): boolean => (value | 0) === value && (value !== 0 || 1 / value > 0);
/** Whether UTF-8 holds the text as it is: no lone surrogates. */
export const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed();

/** The kind of a builder whose only value this is. */
export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case "number":
      return isInt(value) ? "int" : "double";
    case "string":
      return isWellFormed(value) ? "string" : "any";
    case "boolean":
      return "bool";
    case "bigint":
      return value >= LEAST_LONG && value <= GREATEST_LONG ? "long" : "any";
    case "object":
      if (!Array.isArray(value)) return "any";
      return value.length > 0 && value.length <= WIDEST_TUPLE ? "tuple" : "list";
    default:
      return "any";
  }
}

type Numbers = Int32Array | Float64Array | BigInt64Array | Uint8Array;

/** The longer array with what the shorter holds. */
export function grown<T extends Numbers>(from: T, to: T): T {
  to.set(from as never);
  return to;
}

/** Copies rows in a new order. */
export function ordered<T extends Numbers>(from: T, to: T, rows: Int32Array): T {
  for (let i = 0; i < to.length; i++) to[i] = from[rows[i]];
  return to;
}

/** A length in bytes, which offsets of 32 bits must be able to say. */
export function checked(bytes: number): number {
  if (bytes <= 0x7fffffff) return bytes;
  throw new RangeError(`${bytes} bytes of elements in one block, more than 2^31; use more partitions`);
}
