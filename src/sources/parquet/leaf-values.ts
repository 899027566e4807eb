import { byteStreamSplit } from "hyparquet/src/encoding.js";
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from "hyparquet/src/delta.js";
import type { SchemaElement } from "hyparquet";
import { decodeHybrid, type PageCursor } from "./rle-decoder.js";

/** The non-null values of one leaf column, as they are stored. */
export type LeafValues =
  | { readonly kind: "fixed"; readonly count: number; readonly width: number; readonly bytes: Uint8Array }
  | { readonly kind: "bytes"; readonly count: number; readonly offsets: Int32Array; readonly bytes: Uint8Array }
  | { readonly kind: "bool"; readonly count: number; readonly values: Uint8Array };

/** Takes the values of one page after the other. */
export interface LeafSink {
  plain(cursor: PageCursor, count: number): void;
  dictionary(values: LeafValues, indices: Int32Array, count: number): void;
  encoded(encoding: string, cursor: PageCursor, count: number): void;
  finish(): LeafValues;
}

/** `capacity` is the number of values at most, so fixed-width values are written once, in place. */
export function leafSink(element: SchemaElement, capacity: number): LeafSink {
  switch (element.type) {
    case "BOOLEAN":
      return new BoolSink(capacity);
    case "BYTE_ARRAY":
      return new BytesSink(capacity);
    default:
      return new FixedSink(element, capacity);
  }
}

const WIDTHS: Readonly<Record<string, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };
const reader = (cursor: PageCursor) => ({
  view: new DataView(cursor.bytes.buffer, cursor.bytes.byteOffset, cursor.bytes.byteLength),
  offset: cursor.offset,
});
const unsupported = (encoding: string, type: string | undefined): Error =>
  new Error(`encoding ${encoding} of a ${type} column is not supported`);

class FixedSink implements LeafSink {
  private readonly width: number;
  private readonly data: Uint8Array;
  private used = 0;

  constructor(
    private readonly element: SchemaElement,
    capacity: number,
  ) {
    this.width = WIDTHS[element.type ?? ""] ?? element.type_length ?? 0;
    this.data = new Uint8Array(capacity * this.width);
  }

  plain(cursor: PageCursor, count: number): void {
    const size = count * this.width;
    if (cursor.offset + size > cursor.bytes.length) throw new RangeError(`page ends before its ${count} values`);
    this.data.set(cursor.bytes.subarray(cursor.offset, cursor.offset + size), this.used);
    cursor.offset += size;
    this.used += size;
  }

  dictionary(values: LeafValues, indices: Int32Array, count: number): void {
    if (values.kind !== "fixed") throw unsupported("dictionary", this.element.type);
    const { width } = this;
    if (width % 4 === 0) {
      const from = new Int32Array(values.bytes.buffer, values.bytes.byteOffset, values.bytes.length >> 2);
      const to = new Int32Array(this.data.buffer, 0, this.data.length >> 2);
      const words = width >> 2;
      let at = this.used >> 2;
      if (words === 1) for (let i = 0; i < count; i++) to[at++] = from[indices[i]];
      else
        for (let i = 0; i < count; i++) {
          const start = indices[i] * words;
          for (let k = 0; k < words; k++) to[at++] = from[start + k];
        }
    } else {
      for (let i = 0; i < count; i++) {
        const start = indices[i] * width;
        this.data.set(values.bytes.subarray(start, start + width), this.used + i * width);
      }
    }
    this.used += count * width;
  }

  encoded(encoding: string, cursor: PageCursor, count: number): void {
    const { type, type_length } = this.element;
    let part: ArrayBufferView;
    if (encoding === "DELTA_BINARY_PACKED" && (type === "INT32" || type === "INT64")) {
      const values = type === "INT32" ? new Int32Array(count) : new BigInt64Array(count);
      deltaBinaryUnpack(reader(cursor), count, values);
      part = values;
    } else if (encoding === "BYTE_STREAM_SPLIT" && type) {
      const values = byteStreamSplit(reader(cursor), count, type, type_length);
      if (Array.isArray(values)) return this.append(values as Uint8Array[]);
      part = values as unknown as ArrayBufferView;
    } else if (encoding === "DELTA_BYTE_ARRAY") {
      const values: Uint8Array[] = new Array(count);
      deltaByteArray(reader(cursor), count, values);
      return this.append(values);
    } else throw unsupported(encoding, type);
    this.append([new Uint8Array(part.buffer, part.byteOffset, part.byteLength)]);
  }

  private append(parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      this.data.set(part, this.used);
      this.used += part.length;
    }
  }

  finish(): LeafValues {
    const { width } = this;
    const bytes = this.data.subarray(0, this.used);
    return { kind: "fixed", count: width ? this.used / width : 0, width, bytes };
  }
}

class BytesSink implements LeafSink {
  private readonly offsets: Int32Array;
  private data = new Uint8Array(1024);
  private count = 0;
  private used = 0;

  constructor(capacity: number) {
    this.offsets = new Int32Array(capacity + 1);
  }

  private room(bytes: number): void {
    const needed = this.used + bytes;
    if (needed <= this.data.length) return;
    if (needed > 0x7fffffff) throw new RangeError("a column chunk holds more than 2^31 bytes of strings");
    const larger = new Uint8Array(Math.min(0x7fffffff, Math.max(needed, this.data.length * 2)));
    larger.set(this.data.subarray(0, this.used));
    this.data = larger;
  }

  plain(cursor: PageCursor, count: number): void {
    const { bytes } = cursor;
    this.room(bytes.length - cursor.offset);
    const { data, offsets } = this;
    let at = cursor.offset;
    let { used } = this;
    for (let i = 0; i < count; i++) {
      const length = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
      at += 4;
      if (length < 0 || at + length > bytes.length) throw new RangeError(`page ends before its ${count} values`);
      if (length <= 32) for (let k = 0; k < length; k++) data[used + k] = bytes[at + k];
      else data.set(bytes.subarray(at, at + length), used);
      at += length;
      used += length;
      offsets[++this.count] = used;
    }
    this.used = used;
    cursor.offset = at;
  }

  dictionary(values: LeafValues, indices: Int32Array, count: number): void {
    if (values.kind !== "bytes") throw unsupported("dictionary", "BYTE_ARRAY");
    const from = values.bytes;
    const starts = values.offsets;
    let total = 0;
    for (let i = 0; i < count; i++) total += starts[indices[i] + 1] - starts[indices[i]];
    this.room(total);
    const { data, offsets } = this;
    let { used } = this;
    for (let i = 0; i < count; i++) {
      const end = starts[indices[i] + 1];
      for (let k = starts[indices[i]]; k < end; k++) data[used++] = from[k];
      offsets[++this.count] = used;
    }
    this.used = used;
  }

  encoded(encoding: string, cursor: PageCursor, count: number): void {
    const values: Uint8Array[] = new Array(count);
    if (encoding === "DELTA_LENGTH_BYTE_ARRAY") deltaLengthByteArray(reader(cursor), count, values);
    else if (encoding === "DELTA_BYTE_ARRAY") deltaByteArray(reader(cursor), count, values);
    else throw unsupported(encoding, "BYTE_ARRAY");
    for (const value of values) {
      this.room(value.length);
      this.data.set(value, this.used);
      this.used += value.length;
      this.offsets[++this.count] = this.used;
    }
  }

  finish(): LeafValues {
    const offsets = this.offsets.subarray(0, this.count + 1);
    return { kind: "bytes", count: this.count, offsets, bytes: this.data.subarray(0, this.used) };
  }
}

class BoolSink implements LeafSink {
  private readonly values: Uint8Array;
  private count = 0;

  constructor(capacity: number) {
    this.values = new Uint8Array(capacity);
  }

  plain(cursor: PageCursor, count: number): void {
    const { bytes, offset } = cursor;
    for (let i = 0; i < count; i++) this.values[this.count + i] = (bytes[offset + (i >> 3)] >> (i & 7)) & 1;
    this.count += count;
  }

  dictionary(values: LeafValues, indices: Int32Array, count: number): void {
    if (values.kind !== "bool") throw unsupported("dictionary", "BOOLEAN");
    for (let i = 0; i < count; i++) this.values[this.count++] = values.values[indices[i]];
  }

  encoded(encoding: string, cursor: PageCursor, count: number): void {
    if (encoding !== "RLE") throw unsupported(encoding, "BOOLEAN");
    const part = new Uint8Array(count);
    cursor.offset += 4;
    decodeHybrid(cursor, 1, part, count);
    this.values.set(part, this.count);
    this.count += count;
  }

  finish(): LeafValues {
    return { kind: "bool", count: this.count, values: this.values.subarray(0, this.count) };
  }
}
