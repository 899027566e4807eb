import type { Column, ListColumn, NumberColumn, StructColumn, VectorColumn } from "../../columnar/index.js";
import { isValid } from "../../columnar/index.js";

/** A vector column from the struct `(type: byte, size: int, indices: array<int>, values: array<double>)` of VectorUDT. */
export function vectorFromStruct(column: Column): VectorColumn {
  const struct = column as StructColumn;
  const [type, size, indices, values] = struct.children as [NumberColumn, NumberColumn, ListColumn, ListColumn];
  const { length, validity } = struct;
  const data = (values.child as NumberColumn).values as Float64Array;
  const width = uniformWidth(struct, type, values);
  if (width >= 0) {
    return { layout: "vector", form: "dense", length, validity, size: width, values: data };
  }
  const positions = (indices.child as NumberColumn).values as Int32Array;
  const kinds = new Uint8Array(length);
  const sizes = new Int32Array(length);
  const offsets = new Int32Array(length + 1);
  let total = 0;
  for (let i = 0; i < length; i++) {
    if (isValid(struct, i)) total += values.offsets[i + 1] - values.offsets[i];
  }
  const allIndices = new Int32Array(total);
  const allValues = new Float64Array(total);
  let at = 0;
  for (let i = 0; i < length; i++) {
    if (isValid(struct, i)) {
      const start = values.offsets[i];
      const end = values.offsets[i + 1];
      allValues.set(data.subarray(start, end), at);
      kinds[i] = type.values[i];
      if (kinds[i] === 1) sizes[i] = end - start;
      else {
        sizes[i] = size.values[i];
        allIndices.set(positions.subarray(indices.offsets[i], indices.offsets[i + 1]), at);
      }
      at += end - start;
    }
    offsets[i + 1] = at;
  }
  return {
    layout: "vector",
    form: "mixed",
    length,
    validity,
    kinds,
    sizes,
    offsets,
    indices: allIndices,
    values: allValues,
  };
}

/** Common width when there are no nulls and all rows are dense and equally wide, else -1. */
function uniformWidth(struct: StructColumn, type: NumberColumn, values: ListColumn): number {
  const { length } = struct;
  if (length === 0) return 0;
  if (struct.validity !== null || values.offsets[0] !== 0) return -1;
  const width = values.offsets[1];
  for (let i = 0; i < length; i++) {
    if (type.values[i] !== 1 || values.offsets[i + 1] !== (i + 1) * width) return -1;
  }
  return width;
}

/** The struct form of a vector column, as VectorUDT stores it; the inverse of {@link vectorFromStruct}. */
export function structFromVector(column: VectorColumn): StructColumn {
  const { length, validity } = column;
  const type = new Int8Array(length);
  const size = new Int32Array(length);
  const sparse = new Uint8Array((length + 7) >> 3);
  const indexOffsets = new Int32Array(length + 1);
  const valueOffsets = new Int32Array(length + 1);
  for (let i = 0; i < length; i++) {
    const valid = isValid(column, i);
    const width = valid ? widthAt(column, i) : 0;
    const isSparse = valid && column.form === "mixed" && column.kinds[i] === 0;
    valueOffsets[i + 1] = valueOffsets[i] + width;
    indexOffsets[i + 1] = indexOffsets[i] + (isSparse ? width : 0);
    type[i] = isSparse ? 0 : 1;
    if (!isSparse) continue;
    sparse[i >> 3] |= 1 << (i & 7);
    size[i] = column.sizes[i];
  }
  const values = new Float64Array(valueOffsets[length]);
  const indices = new Int32Array(indexOffsets[length]);
  if (column.form === "dense" && validity === null) values.set(column.values.subarray(0, values.length));
  else {
    for (let i = 0; i < length; i++) {
      const width = valueOffsets[i + 1] - valueOffsets[i];
      const start = column.form === "dense" ? i * column.size : column.offsets[i];
      values.set(column.values.subarray(start, start + width), valueOffsets[i]);
      if (column.form === "mixed" && indexOffsets[i + 1] > indexOffsets[i]) {
        indices.set(column.indices.subarray(start, start + width), indexOffsets[i]);
      }
    }
  }
  const children: Column[] = [
    { layout: "i8", length, validity: null, values: type },
    { layout: "i32", length, validity: sparse, values: size },
    list(indexOffsets, sparse, { layout: "i32", length: indices.length, validity: null, values: indices }),
    list(valueOffsets, validity, { layout: "f64", length: values.length, validity: null, values }),
  ];
  return { layout: { struct: children.map((child) => child.layout) }, length, validity, children };
}

const widthAt = (column: VectorColumn, i: number): number =>
  column.form === "dense" ? column.size : column.offsets[i + 1] - column.offsets[i];

const list = (offsets: Int32Array, validity: Uint8Array | null, child: Column): ListColumn => ({
  layout: { list: child.layout },
  length: offsets.length - 1,
  validity,
  offsets,
  child,
});
