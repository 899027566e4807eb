import { bitAt, type Column, type Layout, columnBuilder, decodeUtf8, valueAt } from "../../columnar/index.js";
import type { RowFunction } from "./descriptor.js";

/** A function from row number to internal value (null for null), specialised for the column. */
export function columnReader(column: Column): RowFunction {
  const { validity } = column;
  switch (column.layout) {
    case "i8":
    case "i16":
    case "i32":
    case "f32":
    case "f64": {
      const { values } = column;
      return validity ? (i) => (bitAt(validity, i) ? values[i] : null) : (i) => values[i];
    }
    case "i64": {
      const { values } = column;
      return validity ? (i) => (bitAt(validity, i) ? values[i] : null) : (i) => values[i];
    }
    case "bool": {
      const { values } = column;
      return validity ? (i) => (bitAt(validity, i) ? bitAt(values, i) : null) : (i) => bitAt(values, i);
    }
    case "utf8": {
      const { bytes, offsets } = column;
      return (i) => (validity === null || bitAt(validity, i) ? decodeUtf8(bytes, offsets[i], offsets[i + 1]) : null);
    }
    default:
      return (i) => valueAt(column, i);
  }
}

const arrays = { i8: Int8Array, i16: Int16Array, i32: Int32Array, f32: Float32Array, f64: Float64Array } as const;

/** A column of `read(0) .. read(length - 1)`. */
export function columnFromRows(layout: Layout, length: number, read: RowFunction): Column {
  if (typeof layout === "string" && layout in arrays) {
    return fixedColumn(layout as keyof typeof arrays, length, read);
  }
  const builder = columnBuilder(layout, length);
  for (let i = 0; i < length; i++) builder.append(read(i));
  return builder.finish();
}

function fixedColumn(layout: keyof typeof arrays, length: number, read: RowFunction): Column {
  const values = new arrays[layout](length);
  let validity: Uint8Array | null = null;
  for (let i = 0; i < length; i++) {
    const value = read(i) as number | null;
    if (value === null || value === undefined) {
      validity ??= new Uint8Array((length + 7) >> 3).fill(255);
      validity[i >> 3] &= ~(1 << (i & 7));
    } else values[i] = value;
  }
  if (validity && length & 7) validity[validity.length - 1] &= (1 << (length & 7)) - 1;
  return { layout, length, validity, values };
}
