import { bitAt, type Column, type DenseVectorColumn, type MixedVectorColumn, type VectorColumn } from "./column.js";
import { slice } from "./slice.js";

/** Rows of all columns, one after the other. The columns share one layout. */
export function concat(columns: readonly Column[]): Column {
  if (columns.length === 1) return columns[0];
  if (columns.length === 0) throw new RangeError("concat needs at least one column");
  const first = columns[0];
  const length = columns.reduce((n, c) => n + c.length, 0);
  const validity = concatValidity(columns, length);
  const base = { ...first, length, validity };
  const { layout } = first;
  if (typeof layout === "object") {
    if ("list" in layout) {
      const lists = columns as Extract<Column, { layout: { list: unknown } }>[];
      const { offsets, ranges } = concatOffsets(lists);
      return { ...base, offsets, child: concat(lists.map((c, k) => sliceRange(c.child, ranges[k]))) } as Column;
    }
    const structs = columns as Extract<Column, { layout: { struct: unknown } }>[];
    const children = structs[0].children.map((_, k) => concat(structs.map((c) => c.children[k])));
    return { ...base, children } as Column;
  }
  switch (first.layout) {
    case "null":
      return base as Column;
    case "bool":
      return { ...base, values: concatBits(columns as Extract<Column, { layout: "bool" }>[], length) } as Column;
    case "utf8":
    case "binary": {
      const parts = columns as Extract<Column, { layout: "utf8" | "binary" }>[];
      const { offsets, ranges } = concatOffsets(parts);
      const bytes = new Uint8Array(offsets[length]);
      let at = 0;
      parts.forEach((c, k) => {
        bytes.set(c.bytes.subarray(ranges[k][0], ranges[k][1]), at);
        at += ranges[k][1] - ranges[k][0];
      });
      return { ...base, offsets, bytes } as Column;
    }
    case "vector":
      return concatVectors(columns as VectorColumn[], length, validity);
    default: {
      const parts = columns as readonly unknown[] as { values: Float64Array }[];
      const values = new (parts[0].values.constructor as Float64ArrayConstructor)(
        parts.reduce((n, c) => n + c.values.length, 0),
      );
      let at = 0;
      for (const part of parts) {
        values.set(part.values, at);
        at += part.values.length;
      }
      return { ...base, values } as Column;
    }
  }
}

function sliceRange(child: Column, [start, end]: readonly [number, number]): Column {
  return start === 0 && end === child.length ? child : slice(child, start, end);
}

function concatValidity(columns: readonly Column[], length: number): Uint8Array | null {
  if (columns.every((c) => c.validity === null)) return null;
  const bits = new Uint8Array((length + 7) >> 3);
  let at = 0;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++, at++) {
      if (column.validity === null || bitAt(column.validity, i)) bits[at >> 3] |= 1 << (at & 7);
    }
  }
  return bits;
}

function concatBits(columns: readonly { values: Uint8Array; length: number }[], length: number): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  let at = 0;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++, at++) if (bitAt(column.values, i)) bits[at >> 3] |= 1 << (at & 7);
  }
  return bits;
}

/** Joined offsets from 0, and the range of its values that each part covers. */
function concatOffsets(parts: readonly { offsets: Int32Array; length: number }[]) {
  const offsets = new Int32Array(parts.reduce((n, p) => n + p.length, 0) + 1);
  const ranges: [number, number][] = [];
  let row = 0;
  let at = 0;
  for (const part of parts) {
    const start = part.offsets[0];
    for (let i = 1; i <= part.length; i++) offsets[++row] = at + part.offsets[i] - start;
    const end = part.offsets[part.length];
    ranges.push([start, end]);
    at += end - start;
    if (at > 0x7fffffff) throw new RangeError("a column of more than 2^31 bytes; use more partitions");
  }
  return { offsets, ranges };
}

function concatVectors(columns: readonly VectorColumn[], length: number, validity: Uint8Array | null): VectorColumn {
  const dense = columns.filter((c) => c.length > 0) as DenseVectorColumn[];
  if (dense.length === 0) return columns[0];
  if (dense.every((c) => c.form === "dense" && c.size === dense[0].size)) {
    const { size } = dense[0];
    const values = new Float64Array(length * size);
    let at = 0;
    for (const c of dense) {
      values.set(c.values.subarray(0, c.length * size), at);
      at += c.length * size;
    }
    return { layout: "vector", form: "dense", length, validity, size, values };
  }
  const mixed = columns.map(toMixed);
  const { offsets, ranges } = concatOffsets(mixed);
  const kinds = new Uint8Array(length);
  const sizes = new Int32Array(length);
  const indices = new Int32Array(offsets[length]);
  const values = new Float64Array(offsets[length]);
  let row = 0;
  let at = 0;
  mixed.forEach((c, k) => {
    const [start, end] = ranges[k];
    kinds.set(c.kinds, row);
    sizes.set(c.sizes, row);
    indices.set(c.indices.subarray(start, end), at);
    values.set(c.values.subarray(start, end), at);
    row += c.length;
    at += end - start;
  });
  return { layout: "vector", form: "mixed", length, validity, kinds, sizes, offsets, indices, values };
}

/** The same vectors in the mixed form. */
export function toMixed(column: VectorColumn): MixedVectorColumn {
  if (column.form === "mixed") return column;
  const { length, size, validity, values } = column;
  const offsets = new Int32Array(length + 1);
  for (let i = 0; i <= length; i++) offsets[i] = i * size;
  return {
    layout: "vector",
    form: "mixed",
    length,
    validity,
    kinds: new Uint8Array(length).fill(1),
    sizes: new Int32Array(length).fill(size),
    offsets,
    indices: new Int32Array(length * size),
    values,
  };
}
