import type { Column } from "./column.js";
import { slice } from "./slice.js";

/** Cuts away bytes, items and values that lie outside a column's offsets. */
export function compact(column: Column): Column {
  if ("children" in column) return { ...column, children: column.children.map(compact) } as Column;
  if (!("offsets" in column)) return column;
  const start = column.offsets[0];
  const end = column.offsets[column.length];
  const offsets = start === 0 ? column.offsets : column.offsets.map((offset) => offset - start);
  if ("child" in column) return { ...column, offsets, child: compact(slice(column.child, start, end)) } as Column;
  if ("bytes" in column) return { ...column, offsets, bytes: column.bytes.subarray(start, end) } as Column;
  return {
    ...column,
    offsets,
    indices: column.indices.subarray(start, end),
    values: column.values.subarray(start, end),
  } as Column;
}
