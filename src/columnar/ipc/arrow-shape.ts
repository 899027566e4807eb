import type { Column } from "../column.js";
import type { Layout } from "../layout.js";

/**
 * A column's form as an Arrow field. Vectors have two: `dense` rows of one size are a fixed-size list of doubles, anything else
 * is Spark's VectorUDT struct (type, size, indices, values). It travels in the schema's metadata too, as JSON, so that a
 * reader need not infer it from Arrow's types.
 */
export type ArrowShape =
  | Exclude<Layout, object | "vector">
  | { readonly list: ArrowShape }
  | { readonly struct: readonly ArrowShape[] }
  | { readonly dense: number }
  | "vector";

/** One column flattened: shapes, nodes (rows, nulls) and buffers in Arrow's order. */
export interface ArrowParts {
  readonly nodes: { readonly length: number; readonly nulls: number }[];
  readonly buffers: Uint8Array[];
}

const NONE = new Uint8Array(0);
const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);

const ones = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let bits = byte; bits; bits &= bits - 1) count++;
  return count;
});

function nullsOf({ validity, length }: Column): number {
  if (validity === null) return 0;
  let valid = 0;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) valid += ones[validity[i]];
  if (length & 7) valid += ones[validity[whole] & ((1 << (length & 7)) - 1)];
  return length - valid;
}

/** Adds a column (compacted: offsets start at 0) to the parts and returns its shape. */
export function addColumn(column: Column, parts: ArrowParts): ArrowShape {
  const { nodes, buffers } = parts;
  const { length } = column;
  const bitmapBytes = (length + 7) >> 3;
  if (column.layout === "null") {
    nodes.push({ length, nulls: length });
    return "null";
  }
  nodes.push({ length, nulls: nullsOf(column) });
  buffers.push(column.validity ? column.validity.subarray(0, bitmapBytes) : NONE);
  if (typeof column.layout === "object") {
    if ("child" in column) {
      buffers.push(bytesOf(column.offsets.subarray(0, length + 1)));
      return { list: addColumn(column.child, parts) };
    }
    return { struct: (column as { children: readonly Column[] }).children.map((child) => addColumn(child, parts)) };
  }
  if (column.layout === "vector") {
    if (column.form === "dense") {
      nodes.push({ length: length * column.size, nulls: 0 });
      buffers.push(NONE, bytesOf(column.values.subarray(0, length * column.size)));
      return { dense: column.size };
    }
    const items = column.offsets[length];
    const offsets = bytesOf(column.offsets.subarray(0, length + 1));
    const whole = (rows: number): number => nodes.push({ length: rows, nulls: 0 });
    whole(length);
    buffers.push(NONE, column.kinds.subarray(0, length));
    whole(length);
    buffers.push(NONE, bytesOf(column.sizes.subarray(0, length)));
    whole(length);
    whole(items);
    buffers.push(NONE, offsets, NONE, bytesOf(column.indices.subarray(0, items)));
    whole(length);
    whole(items);
    buffers.push(NONE, offsets, NONE, bytesOf(column.values.subarray(0, items)));
    return "vector";
  }
  if ("bytes" in column) {
    buffers.push(bytesOf(column.offsets.subarray(0, length + 1)), column.bytes.subarray(0, column.offsets[length]));
  } else if (column.layout === "bool") buffers.push(column.values.subarray(0, bitmapBytes));
  else {
    const values = (column as { values: Float64Array }).values;
    buffers.push(bytesOf(values.subarray(0, column.layout === "i128" ? 2 * length : length)));
  }
  return column.layout as ArrowShape;
}

/** What a decoder reads from: the next node's row count and null count, the next buffer. */
export interface ArrowSource {
  node(): { readonly length: number; readonly nulls: number };
  buffer(): Uint8Array;
}

const number = {
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  i128: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** A typed array over a buffer; its start is a multiple of 8. */
const over = <T>(
  Type: new (buffer: ArrayBufferLike, at: number, length: number) => T,
  bytes: Uint8Array,
  width: number,
): T => new Type(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / width));

const int32 = (bytes: Uint8Array): Int32Array => (bytes.byteLength ? over(Int32Array, bytes, 4) : new Int32Array(1));

/** The column of a shape, as views over what the source gives. */
export function readColumn(shape: ArrowShape, source: ArrowSource): Column {
  const { length, nulls } = source.node();
  if (shape === "null") return { layout: "null", length, validity: null };
  const bits = source.buffer();
  const validity = nulls > 0 ? bits : null;
  if (typeof shape === "object") {
    if ("list" in shape) {
      const offsets = int32(source.buffer());
      const child = readColumn(shape.list, source);
      return { layout: { list: child.layout }, length, validity, offsets, child };
    }
    if ("struct" in shape) {
      const children = shape.struct.map((child) => readColumn(child, source));
      return { layout: { struct: children.map((child) => child.layout) }, length, validity, children };
    }
    const values = over(Float64Array, (readColumn("f64", source) as unknown as { values: Uint8Array }).values, 8);
    return { layout: "vector", form: "dense", size: shape.dense, length, validity, values };
  }
  if (shape === "vector") {
    const values = <T>(kind: ArrowShape): T => (readColumn(kind, source) as unknown as { values: T }).values;
    const kinds = values<Int8Array>("i8");
    const sizes = values<Int32Array>("i32");
    source.node();
    source.buffer();
    const offsets = int32(source.buffer());
    const indices = values<Int32Array>("i32");
    source.node();
    source.buffer();
    source.buffer();
    return {
      layout: "vector",
      form: "mixed",
      length,
      validity,
      kinds: over(Uint8Array, bytesOf(kinds), 1),
      sizes,
      offsets,
      indices,
      values: values<Float64Array>("f64"),
    };
  }
  if (shape === "utf8" || shape === "binary") {
    const offsets = int32(source.buffer());
    return { layout: shape, length, validity, offsets, bytes: source.buffer() };
  }
  if (shape === "bool") return { layout: "bool", length, validity, values: source.buffer() };
  const Type = number[shape] as new (buffer: ArrayBufferLike, at: number, length: number) => Float64Array;
  const width = shape === "i128" ? 8 : (number[shape].BYTES_PER_ELEMENT as number);
  return { layout: shape, length, validity, values: over(Type, source.buffer(), width) } as Column;
}
