import { bitAt, type Column, type MixedVectorColumn } from "./column.js";

/** Rows `selection[0], selection[1], ...` as a new column; -1 gives a null (outer joins). */
export function gather(column: Column, selection: Int32Array): Column {
  const length = selection.length;
  const validity = gatherValidity(column, selection);
  const base = { ...column, length, validity };
  const { layout } = column;
  if (typeof layout === "object") {
    if ("list" in layout) {
      const list = column as Extract<Column, { layout: { list: unknown } }>;
      const { offsets, positions } = gatherRanges(list.offsets, selection, validity);
      return { ...base, offsets, child: gather(list.child, positions()) } as Column;
    }
    const struct = column as Extract<Column, { layout: { struct: unknown } }>;
    return { ...base, children: struct.children.map((child) => gather(child, selection)) } as Column;
  }
  switch (column.layout) {
    case "null":
      return base as Column;
    case "bool":
      return { ...base, values: gatherBits(column.values, selection) } as Column;
    case "i128": {
      const values = new BigInt64Array(2 * length);
      for (let i = 0; i < length; i++) {
        const from = selection[i];
        if (from < 0) continue;
        values[2 * i] = column.values[2 * from];
        values[2 * i + 1] = column.values[2 * from + 1];
      }
      return { ...base, values } as Column;
    }
    case "utf8":
    case "binary": {
      const { offsets } = gatherRanges(column.offsets, selection, validity);
      const bytes = new Uint8Array(offsets[length]);
      for (let i = 0; i < length; i++) {
        const from = selection[i];
        if (offsets[i + 1] === offsets[i]) continue;
        const start = column.offsets[from];
        const end = column.offsets[from + 1];
        if (end - start > 32) bytes.set(column.bytes.subarray(start, end), offsets[i]);
        else for (let k = start, at = offsets[i]; k < end; k++) bytes[at++] = column.bytes[k];
      }
      return { ...base, offsets, bytes } as Column;
    }
    case "vector":
      if (column.form === "dense") {
        const { size } = column;
        const values = new Float64Array(length * size);
        for (let i = 0; i < length; i++) {
          const from = selection[i];
          if (from >= 0) values.set(column.values.subarray(from * size, (from + 1) * size), i * size);
        }
        return { ...base, values } as Column;
      }
      return gatherMixed(column, selection, validity);
    default: {
      const source = column.values as Float64Array;
      const values = new (source.constructor as Float64ArrayConstructor)(length);
      for (let i = 0; i < length; i++) if (selection[i] >= 0) values[i] = source[selection[i]];
      return { ...base, values } as Column;
    }
  }
}

function gatherValidity(column: Column, selection: Int32Array): Uint8Array | null {
  const bits = new Uint8Array((selection.length + 7) >> 3);
  let nulls = 0;
  for (let i = 0; i < selection.length; i++) {
    const from = selection[i];
    if (from >= 0 && (column.validity === null || bitAt(column.validity, from))) bits[i >> 3] |= 1 << (i & 7);
    else nulls++;
  }
  return nulls ? bits : null;
}

function gatherBits(bits: Uint8Array, selection: Int32Array): Uint8Array {
  const out = new Uint8Array((selection.length + 7) >> 3);
  for (let i = 0; i < selection.length; i++) {
    if (selection[i] >= 0 && bitAt(bits, selection[i])) out[i >> 3] |= 1 << (i & 7);
  }
  return out;
}

/** New offsets of the selected ranges (nulls become empty) and, on demand, the positions they cover. */
function gatherRanges(source: Int32Array, selection: Int32Array, validity: Uint8Array | null) {
  const offsets = new Int32Array(selection.length + 1);
  for (let i = 0; i < selection.length; i++) {
    const from = selection[i];
    const kept = from >= 0 && (validity === null || bitAt(validity, i));
    offsets[i + 1] = offsets[i] + (kept ? source[from + 1] - source[from] : 0);
  }
  const positions = (): Int32Array => {
    const all = new Int32Array(offsets[selection.length]);
    for (let i = 0; i < selection.length; i++) {
      const start = source[selection[i]];
      for (let at = offsets[i], k = 0; at < offsets[i + 1]; at++, k++) all[at] = start + k;
    }
    return all;
  };
  return { offsets, positions };
}

function gatherMixed(column: MixedVectorColumn, selection: Int32Array, validity: Uint8Array | null): MixedVectorColumn {
  const { offsets } = gatherRanges(column.offsets, selection, validity);
  const length = selection.length;
  const kinds = new Uint8Array(length);
  const sizes = new Int32Array(length);
  const indices = new Int32Array(offsets[length]);
  const values = new Float64Array(offsets[length]);
  for (let i = 0; i < length; i++) {
    const from = selection[i];
    if (from < 0) continue;
    kinds[i] = column.kinds[from];
    sizes[i] = column.sizes[from];
    if (offsets[i + 1] === offsets[i]) continue;
    values.set(column.values.subarray(column.offsets[from], column.offsets[from + 1]), offsets[i]);
    if (kinds[i] === 0)
      indices.set(column.indices.subarray(column.offsets[from], column.offsets[from + 1]), offsets[i]);
  }
  return { layout: "vector", form: "mixed", length, validity, kinds, sizes, offsets, indices, values };
}
