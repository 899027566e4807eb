import { bitAt, type Column } from "./column.js";

/** Rows `start..end` without copying values; `start` must be a multiple of 8 where there are bitmaps, else they are copied. */
export function slice(column: Column, start: number, end: number): Column {
  if (start === 0 && end === column.length) return column;
  const length = end - start;
  const validity = column.validity && sliceBits(column.validity, start, end);
  const base = { ...column, length, validity };
  const { layout } = column;
  if (typeof layout === "object") {
    if ("list" in layout) {
      const list = column as Extract<Column, { layout: { list: unknown } }>;
      return { ...base, offsets: list.offsets.subarray(start, end + 1) } as Column;
    }
    const struct = column as Extract<Column, { layout: { struct: unknown } }>;
    return { ...base, children: struct.children.map((child) => slice(child, start, end)) } as Column;
  }
  switch (column.layout) {
    case "null":
      return base as Column;
    case "bool":
      return { ...base, values: sliceBits(column.values, start, end) } as Column;
    case "i128":
      return { ...base, values: column.values.subarray(2 * start, 2 * end) } as Column;
    case "utf8":
    case "binary":
      return { ...base, offsets: column.offsets.subarray(start, end + 1) } as Column;
    case "vector":
      if (column.form === "dense") {
        return { ...base, values: column.values.subarray(start * column.size, end * column.size) } as Column;
      }
      return {
        ...base,
        kinds: column.kinds.subarray(start, end),
        sizes: column.sizes.subarray(start, end),
        offsets: column.offsets.subarray(start, end + 1),
      } as Column;
    default:
      return { ...base, values: (column.values as Float64Array).subarray(start, end) } as Column;
  }
}

/** Bits `start..end` as a bitmap of its own: a view where `start` is a multiple of 8, else a copy. */
export function sliceBits(bits: Uint8Array, start: number, end: number): Uint8Array {
  if ((start & 7) === 0) return bits.subarray(start >> 3, (end + 7) >> 3);
  const copy = new Uint8Array((end - start + 7) >> 3);
  for (let i = start; i < end; i++) if (bitAt(bits, i)) copy[(i - start) >> 3] |= 1 << ((i - start) & 7);
  return copy;
}
