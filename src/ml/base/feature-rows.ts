import {
  type Column,
  isValid,
  type ListColumn,
  type NumberColumn,
  valueAt,
  type VectorColumn,
} from "../../columnar/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import { raised } from "./row-checks.js";

/** Rows of features, copied out of a batch: dense row-major, or CSR with `offsets` (rows + 1) into `indices` and `values`. */
export type FeatureRows =
  | { readonly form: "dense"; readonly rows: number; readonly size: number; readonly values: Float64Array }
  | {
      readonly form: "csr";
      readonly rows: number;
      readonly size: number;
      readonly offsets: Int32Array;
      readonly indices: Int32Array;
      readonly values: Float64Array;
    };

export interface FeatureRowsOptions {
  /** Number of features so far, or -1. */
  readonly size: number;
  /** Whether NaN and infinite values are let through. */
  readonly allowNonFinite: boolean;
}

/** Copies a features column (vector, array of double or float) of `numRows` rows, checking each row as Spark does. */
export function featureRows(column: Column, numRows: number, options: FeatureRowsOptions): FeatureRows {
  for (let i = 0; i < numRows; i++) if (!isValid(column, i)) throw raised("Vectors MUST NOT be Null");
  const rows = column.layout === "vector" ? vectorRows(column, numRows, options) : listRows(column, numRows, options);
  if (!options.allowNonFinite) {
    for (const value of rows.values) if (!Number.isFinite(value)) throw nonFinite(column, numRows);
  }
  return rows;
}

function nonFinite(column: Column, numRows: number): Error {
  for (let i = 0; i < numRows; i++) {
    const row = valueAt(column, i) as { toArray?(): Float64Array } & Iterable<number>;
    if (![...(row.toArray?.() ?? row)].every(Number.isFinite)) {
      return raised(`Vector values MUST NOT be NaN or Infinity, but got ${String(row)}`);
    }
  }
  throw new Error("unreachable: no row with a value that is not finite");
}

function checkSize(expected: number, actual: number): number {
  if (expected !== -1 && expected !== actual) {
    throw new IllegalArgumentException(
      `requirement failed: Dimensions mismatch when adding new sample. Expecting ${expected} but got ${actual}.`,
    );
  }
  return actual;
}

function vectorRows(column: VectorColumn, rows: number, options: FeatureRowsOptions): FeatureRows {
  if (column.form === "dense") {
    const size = rows === 0 ? options.size : checkSize(options.size, column.size);
    return { form: "dense", rows, size, values: column.values.slice(0, rows * column.size) };
  }
  const { kinds, sizes, offsets, indices, values } = column;
  let { size } = options;
  let allDense = rows > 0;
  let stored = 0;
  for (let i = 0; i < rows; i++) {
    size = checkSize(size, sizes[i]);
    if (kinds[i] === 0) allDense = false;
    stored += offsets[i + 1] - offsets[i];
  }
  if (allDense) return { form: "dense", rows, size, values: values.slice(offsets[0], offsets[0] + rows * size) };
  const csr = { offsets: new Int32Array(rows + 1), indices: new Int32Array(stored), values: new Float64Array(stored) };
  let at = 0;
  for (let i = 0; i < rows; i++) {
    const dense = kinds[i] === 1;
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      const value = values[k];
      if (value === 0) continue;
      csr.indices[at] = dense ? k - offsets[i] : indices[k];
      csr.values[at++] = value;
    }
    csr.offsets[i + 1] = at;
  }
  return {
    form: "csr",
    rows,
    size,
    offsets: csr.offsets,
    indices: csr.indices.subarray(0, at),
    values: csr.values.subarray(0, at),
  };
}

function listRows(column: Column, rows: number, options: FeatureRowsOptions): FeatureRows {
  const { offsets, child } = column as ListColumn;
  let { size } = options;
  for (let i = 0; i < rows; i++) size = checkSize(size, offsets[i + 1] - offsets[i]);
  const values = new Float64Array(rows * Math.max(size, 0));
  const source = (child as NumberColumn).values;
  for (let k = 0; k < values.length; k++) {
    if (!isValid(child, offsets[0] + k)) throw raised("Vectors MUST NOT be Null");
    values[k] = source[offsets[0] + k];
  }
  return { form: "dense", rows, size, values };
}
