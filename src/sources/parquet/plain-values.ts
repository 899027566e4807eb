import { bitAt, gather, type BytesColumn, type Column, type Int128Column } from "../../columnar/index.js";
import type { SchemaElement } from "hyparquet";
import type { MinMaxType } from "hyparquet/src/types.js";

/** Values of a leaf in PLAIN encoding; `column` has no nulls among its rows. */
export function plainValues(column: Column, element: SchemaElement): Uint8Array {
  switch (column.layout) {
    case "bool": {
      const bits = new Uint8Array((column.length + 7) >> 3);
      for (let i = 0; i < column.length; i++) if (bitAt(column.values, i)) bits[i >> 3] |= 1 << (i & 7);
      return bits;
    }
    case "i8":
    case "i16":
      return bytesOf(Int32Array.from(column.values as Int8Array));
    case "i32":
    case "f32":
    case "f64":
      return bytesOf(column.values);
    case "i64":
      return bytesOf(column.values);
    case "i128":
      return decimalBytes(column, element);
    case "utf8":
    case "binary":
      return lengthPrefixed(column);
    case "null":
      return new Uint8Array(0);
    default:
      throw new TypeError(`a column of layout ${JSON.stringify(column.layout)} is not a leaf`);
  }
}

const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Unscaled values as INT32, INT64 or big-endian two's complement of `type_length` bytes, as Spark's precision demands. */
function decimalBytes(column: Int128Column, element: SchemaElement): Uint8Array {
  const { length, values } = column;
  if (element.type === "INT32") return bytesOf(Int32Array.from({ length }, (_, i) => Number(values[2 * i])));
  if (element.type === "INT64") return bytesOf(BigInt64Array.from({ length }, (_, i) => values[2 * i]));
  const width = element.type_length!;
  const out = new Uint8Array(length * width);
  const words = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < width; k++) out[i * width + k] = words[i * 16 + width - 1 - k];
  }
  return out;
}

function lengthPrefixed(column: BytesColumn): Uint8Array {
  const { length, offsets, bytes } = column;
  const out = new Uint8Array(offsets[length] - offsets[0] + 4 * length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (let i = 0; i < length; i++) {
    const size = offsets[i + 1] - offsets[i];
    view.setUint32(at, size, true);
    at += 4;
    if (size > 32) out.set(bytes.subarray(offsets[i], offsets[i + 1]), at);
    else for (let k = 0; k < size; k++) out[at + k] = bytes[offsets[i] + k];
    at += size;
  }
  return out;
}

/** The rows of a leaf as a column without nulls. */
export function denseRows(column: Column, rows: Int32Array | null): Column {
  if (rows !== null) return { ...gather(column, rows), validity: null };
  return column.validity === null ? column : { ...column, validity: null };
}

export interface MinMax {
  readonly min: MinMaxType;
  readonly max: MinMaxType;
}

/** Smallest and largest value of a column without nulls; undefined where Parquet forbids or we do not keep them. */
export function minMax(column: Column): MinMax | undefined {
  if (column.length === 0) return undefined;
  switch (column.layout) {
    case "i8":
    case "i16":
    case "i32":
    case "f32":
    case "f64": {
      const { values } = column;
      let min = Infinity;
      let max = -Infinity;
      for (let i = 0; i < values.length; i++) {
        const v = values[i];
        if (v !== v) return undefined;
        if (v < min) min = v;
        if (v > max) max = v;
      }
      // Parquet: a minimum of zero is stored as -0.0, a maximum as +0.0.
      if (column.layout[0] === "f") return { min: min === 0 ? -0 : min, max: max === 0 ? 0 : max };
      return { min, max };
    }
    case "i64": {
      const { values } = column;
      let min = values[0];
      let max = values[0];
      for (let i = 1; i < values.length; i++) {
        if (values[i] < min) min = values[i];
        if (values[i] > max) max = values[i];
      }
      return { min, max };
    }
    case "utf8": {
      let min = 0;
      let max = 0;
      for (let i = 1; i < column.length; i++) {
        if (compareBytes(column, i, min) < 0) min = i;
        if (compareBytes(column, i, max) > 0) max = i;
      }
      const at = (i: number): Uint8Array => column.bytes.slice(column.offsets[i], column.offsets[i + 1]);
      return { min: at(min), max: at(max) };
    }
    default:
      return undefined;
  }
}

function compareBytes({ offsets, bytes }: BytesColumn, a: number, b: number): number {
  const n = Math.min(offsets[a + 1] - offsets[a], offsets[b + 1] - offsets[b]);
  for (let k = 0; k < n; k++) {
    const d = bytes[offsets[a] + k] - bytes[offsets[b] + k];
    if (d !== 0) return d;
  }
  return offsets[a + 1] - offsets[a] - (offsets[b + 1] - offsets[b]);
}
