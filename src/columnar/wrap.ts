import type { BoolColumn, BytesColumn, DenseVectorColumn, ListColumn, LongColumn, NumberColumn } from "./column.js";
import type { Column } from "./column.js";

/** Columns over arrays that are already laid out; nothing is copied. */
export const f64Column = (values: Float64Array, validity: Uint8Array | null = null): NumberColumn => ({
  layout: "f64",
  length: values.length,
  validity,
  values,
});
export const f32Column = (values: Float32Array, validity: Uint8Array | null = null): NumberColumn => ({
  layout: "f32",
  length: values.length,
  validity,
  values,
});
export const i32Column = (values: Int32Array, validity: Uint8Array | null = null): NumberColumn => ({
  layout: "i32",
  length: values.length,
  validity,
  values,
});
export const i64Column = (values: BigInt64Array, validity: Uint8Array | null = null): LongColumn => ({
  layout: "i64",
  length: values.length,
  validity,
  values,
});
export const boolColumn = (bits: Uint8Array, length: number, validity: Uint8Array | null = null): BoolColumn => ({
  layout: "bool",
  length,
  validity,
  values: bits,
});
/** `values` holds rows of `size` entries one after the other. */
export const denseVectorColumn = (
  values: Float64Array,
  size: number,
  length: number,
  validity: Uint8Array | null = null,
): DenseVectorColumn => ({ layout: "vector", form: "dense", length, validity, size, values });
export const listColumn = (offsets: Int32Array, child: Column, validity: Uint8Array | null = null): ListColumn => ({
  layout: { list: child.layout },
  length: offsets.length - 1,
  validity,
  offsets,
  child,
});

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Encodes strings once; null entries become nulls. */
export function utf8Column(strings: readonly (string | null)[]): BytesColumn {
  const offsets = new Int32Array(strings.length + 1);
  let capacity = 0;
  for (const s of strings) capacity += s === null ? 0 : s.length * 3;
  const bytes = new Uint8Array(capacity);
  const validity = new Uint8Array((strings.length + 7) >> 3);
  let nulls = 0;
  let at = 0;
  for (let i = 0; i < strings.length; i++) {
    const s = strings[i];
    if (s === null) nulls++;
    else {
      validity[i >> 3] |= 1 << (i & 7);
      at += encodeInto(s, bytes, at);
    }
    offsets[i + 1] = at;
  }
  return {
    layout: "utf8",
    length: strings.length,
    validity: nulls ? validity : null,
    offsets,
    bytes: bytes.slice(0, at),
  };
}

/** Writes the UTF-8 form of `s` at `at` of a plain (not shared) array and returns its length. */
export function encodeInto(s: string, bytes: Uint8Array, at: number): number {
  // Short ASCII strings, the common case, are faster by hand than through TextEncoder.
  if (s.length <= 24) {
    let i = 0;
    for (; i < s.length; i++) {
      const c = s.charCodeAt(i);
      if (c > 127) break;
      bytes[at + i] = c;
    }
    if (i === s.length) return i;
  }
  return encoder.encodeInto(s, bytes.subarray(at)).written;
}

/** Text of `bytes[start, end)`, also when they lie in shared memory. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= 24) {
    let s = "";
    let i = start;
    for (; i < end; i++) {
      const c = bytes[i];
      if (c > 127) break;
      s += String.fromCharCode(c);
    }
    if (i === end) return s;
  }
  const part = bytes.subarray(start, end);
  return decoder.decode(part.buffer instanceof SharedArrayBuffer ? part.slice() : part);
}
