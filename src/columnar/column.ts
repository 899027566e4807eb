import type { Layout } from "./layout.js";

/**
 * Columns in Arrow's layout. `validity` is a bitmap, least significant bit first, 1 = valid; null = no nulls.
 * Views may lie over a block, the execution heap or a plain buffer; columns are never written after they are built.
 */
interface ColumnBase {
  readonly layout: Layout;
  readonly length: number;
  readonly validity: Uint8Array | null;
}

export interface NullColumn extends ColumnBase {
  readonly layout: "null";
}
export interface BoolColumn extends ColumnBase {
  readonly layout: "bool";
  /** Bitmap. */
  readonly values: Uint8Array;
}
export interface NumberColumn extends ColumnBase {
  readonly layout: "i8" | "i16" | "i32" | "f32" | "f64";
  readonly values: Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}
export interface LongColumn extends ColumnBase {
  readonly layout: "i64";
  readonly values: BigInt64Array;
}
/** Two's complement, two little-endian 64-bit halves a value (low, high): `values.length === 2 * length`. */
export interface Int128Column extends ColumnBase {
  readonly layout: "i128";
  readonly values: BigInt64Array;
}
/** `offsets` has length + 1 entries, ascending, which need not start at 0. */
export interface BytesColumn extends ColumnBase {
  readonly layout: "utf8" | "binary";
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}
export interface ListColumn extends ColumnBase {
  readonly layout: { readonly list: Layout };
  readonly offsets: Int32Array;
  readonly child: Column;
}
export interface StructColumn extends ColumnBase {
  readonly layout: { readonly struct: readonly Layout[] };
  readonly children: readonly Column[];
}
/** Every valid row is dense and `size` wide: row i is `values[i * size .. (i + 1) * size)`. Null rows hold zeros. */
export interface DenseVectorColumn extends ColumnBase {
  readonly layout: "vector";
  readonly form: "dense";
  readonly size: number;
  readonly values: Float64Array;
}
/**
 * Rows of any kind and size. Row i: `kinds[i]` 0 sparse, 1 dense; `sizes[i]` its size;
 * `values[offsets[i] .. offsets[i + 1])`; for a sparse row `indices` at the same positions
 * (dense rows leave their stretch of `indices` unused).
 */
export interface MixedVectorColumn extends ColumnBase {
  readonly layout: "vector";
  readonly form: "mixed";
  readonly kinds: Uint8Array;
  readonly sizes: Int32Array;
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}
export type VectorColumn = DenseVectorColumn | MixedVectorColumn;

export type Column =
  | NullColumn
  | BoolColumn
  | NumberColumn
  | LongColumn
  | Int128Column
  | BytesColumn
  | ListColumn
  | StructColumn
  | VectorColumn;

/** A stretch of rows: the unit operators pass to each other. */
export interface Batch {
  readonly numRows: number;
  readonly columns: readonly Column[];
}

export const bitAt = (bits: Uint8Array, i: number): boolean => ((bits[i >> 3] >> (i & 7)) & 1) === 1;
export const isValid = (column: Column, i: number): boolean =>
  column.layout !== "null" && (column.validity === null || bitAt(column.validity, i));
export const isNull = (column: Column, i: number): boolean => !isValid(column, i);
