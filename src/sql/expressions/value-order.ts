import { ArrayType, type DataType, DoubleType, FloatType, StringType, StructType, BinaryType } from "../types/index.js";

type Compare = (a: never, b: never) => number;

/** Spark's order of internal values (not null): NaN equals itself and is above all, -0.0 equals 0.0, text by its bytes. */
export function valueOrder(type: DataType): (a: unknown, b: unknown) => number {
  return orderOf(type) as (a: unknown, b: unknown) => number;
}

function orderOf(type: DataType): Compare {
  if (type instanceof DoubleType || type instanceof FloatType) return compareDoubles;
  if (type instanceof StringType) return compareText;
  if (type instanceof BinaryType) return compareBinary;
  if (type instanceof ArrayType) {
    const element = nullsFirst(type.elementType);
    return (a: readonly unknown[], b: readonly unknown[]) => {
      for (let i = 0; i < a.length && i < b.length; i++) {
        const order = element(a[i], b[i]);
        if (order !== 0) return order;
      }
      return a.length - b.length;
    };
  }
  if (type instanceof StructType) {
    const fields = type.fields.map((field) => nullsFirst(field.dataType));
    return (a: readonly unknown[], b: readonly unknown[]) => {
      for (const [i, field] of fields.entries()) {
        const order = field(a[i], b[i]);
        if (order !== 0) return order;
      }
      return 0;
    };
  }
  return (a: number | bigint | boolean, b: number | bigint | boolean) => (a < b ? -1 : a > b ? 1 : 0);
}

function nullsFirst(type: DataType): (a: unknown, b: unknown) => number {
  const order = valueOrder(type);
  return (a, b) => {
    if (a === null) return b === null ? 0 : -1;
    return b === null ? 1 : order(a, b);
  };
}

function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** Order of the UTF-8 bytes: code units, with surrogates above the rest of the basic plane. */
export function compareText(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}
const rank = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);

function compareBinary(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
