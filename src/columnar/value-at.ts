import { DenseVector, SparseVector } from "../linalg/index.js";
import { bitAt, isNull, type Column, type VectorColumn } from "./column.js";
import { decodeUtf8 } from "./wrap.js";

/** Internal value of row i: bigint for i64 and i128, a copy for binary, vectors and nested values; null for null. */
export function valueAt(column: Column, i: number): unknown {
  if (isNull(column, i)) return null;
  const { layout } = column;
  if (typeof layout === "object") {
    if ("list" in layout) {
      const list = column as Extract<Column, { layout: { list: unknown } }>;
      const values: unknown[] = [];
      for (let k = list.offsets[i]; k < list.offsets[i + 1]; k++) values.push(valueAt(list.child, k));
      return values;
    }
    return (column as Extract<Column, { layout: { struct: unknown } }>).children.map((child) => valueAt(child, i));
  }
  switch (column.layout) {
    case "bool":
      return bitAt(column.values, i);
    case "i128":
      return (column.values[2 * i + 1] << 64n) | BigInt.asUintN(64, column.values[2 * i]);
    case "utf8":
      return decodeUtf8(column.bytes, column.offsets[i], column.offsets[i + 1]);
    case "binary":
      return new Uint8Array(column.bytes.subarray(column.offsets[i], column.offsets[i + 1]));
    case "vector":
      return vectorAt(column, i);
    case "null":
      return null;
    default:
      return (column as { values: ArrayLike<number | bigint> }).values[i];
  }
}

/** Vector of row i (which must be valid), its arrays copied out of the column. */
export function vectorAt(column: VectorColumn, i: number): DenseVector | SparseVector {
  if (column.form === "dense") {
    return new DenseVector(new Float64Array(column.values.subarray(i * column.size, (i + 1) * column.size)));
  }
  const start = column.offsets[i];
  const end = column.offsets[i + 1];
  const values = new Float64Array(column.values.subarray(start, end));
  if (column.kinds[i] === 1) return new DenseVector(values);
  return new SparseVector(column.sizes[i], new Int32Array(column.indices.subarray(start, end)), values);
}
