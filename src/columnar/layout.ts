/**
 * How values lie in memory, whatever they mean. Spark's types map onto these (`sql/types/layout-of.ts`):
 * boolean → bool; byte i8; short i16; int, date, year-month interval i32; long, timestamp, day-time interval i64;
 * decimal i128; float f32; double f64; string utf8; binary; array list; struct; map list of struct(key, value);
 * vector vector; matrix its struct.
 */
export type Layout =
  | "null"
  | "bool"
  | "i8"
  | "i16"
  | "i32"
  | "i64"
  | "i128"
  | "f32"
  | "f64"
  | "utf8"
  | "binary"
  | "vector"
  | { readonly list: Layout }
  | { readonly struct: readonly Layout[] };

export type FixedLayout = "i8" | "i16" | "i32" | "i64" | "i128" | "f32" | "f64";

export const widthOf: Readonly<Record<FixedLayout, number>> = {
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  i128: 16,
  f32: 4,
  f64: 8,
};

export const isFixed = (layout: Layout): layout is FixedLayout => typeof layout === "string" && layout in widthOf;
