import { bitAt, type Column } from "../../columnar/index.js";
import { type DataType, decimalText, DecimalType } from "../../sql/types/index.js";

/** Digits after the point of a decimal column, 0 of any other: what its layout does not say. */
export const scaleOf = (type: DataType): number => (type instanceof DecimalType ? type.scale : 0);

/** Unscaled value of row `i` of a decimal column. */
export const unscaledAt = (values: BigInt64Array, i: number): bigint =>
  (values[2 * i + 1] << 64n) | BigInt.asUintN(64, values[2 * i]);

/** Values of a numeric or boolean column as doubles, as Spark casts them; null rows hold anything. */
export function numbersOf(column: Column, scale: number): Float64Array {
  const { length } = column;
  switch (column.layout) {
    case "f64":
      return column.values as Float64Array;
    case "i8":
    case "i16":
    case "i32":
    case "f32":
      return Float64Array.from(column.values.subarray(0, length));
    case "i64": {
      const out = new Float64Array(length);
      for (let i = 0; i < length; i++) out[i] = Number(column.values[i]);
      return out;
    }
    case "i128": {
      const out = new Float64Array(length);
      for (let i = 0; i < length; i++) out[i] = Number(decimalText(unscaledAt(column.values, i), scale));
      return out;
    }
    case "bool": {
      const out = new Float64Array(length);
      for (let i = 0; i < length; i++) out[i] = bitAt(column.values, i) ? 1 : 0;
      return out;
    }
    case "null":
      return new Float64Array(length);
    default:
      throw new TypeError(`a column laid out as ${JSON.stringify(column.layout)} has no numbers`);
  }
}
