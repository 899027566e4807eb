import {
  type Column,
  denseVectorColumn,
  isNull,
  type MixedVectorColumn,
  type VectorColumn,
} from "../../columnar/index.js";

/** A vector column row by row, whatever its form; the values are shared. */
export function vectorView(column: Column): MixedVectorColumn {
  if (column.layout !== "vector") throw new TypeError(`expected vectors, got ${JSON.stringify(column.layout)}`);
  if (column.form === "mixed") return column;
  const { length, size } = column;
  const offsets = new Int32Array(length + 1);
  for (let i = 0; i <= length; i++) offsets[i] = i * size;
  return {
    layout: "vector",
    form: "mixed",
    length,
    validity: column.validity,
    kinds: new Uint8Array(length).fill(1),
    sizes: new Int32Array(length).fill(size),
    offsets,
    indices: new Int32Array(0),
    values: column.values,
  };
}

/** The same vectors with other values at the same places. */
export const withValues = (column: VectorColumn, values: Float64Array): VectorColumn => ({ ...column, values });

/** Position of the first null row, or -1. */
export function firstNull(column: Column): number {
  if (column.validity === null && column.layout !== "null") return -1;
  for (let i = 0; i < column.length; i++) if (isNull(column, i)) return i;
  return -1;
}

const sparserThan = (nonzeros: number, size: number): boolean => 3 * nonzeros + 4 < 2 * size;

/** Dense rows of `size` values each, stored row by row in the form, dense or sparse, that takes less memory. */
export function compressedRows(values: Float64Array, size: number, length: number): VectorColumn {
  const nonzeros = new Int32Array(length);
  let stored = 0;
  let sparse = 0;
  for (let i = 0; i < length; i++) {
    let n = 0;
    for (let k = i * size; k < (i + 1) * size; k++) if (values[k] !== 0) n++;
    nonzeros[i] = n;
    if (sparserThan(n, size)) sparse++;
    stored += sparserThan(n, size) ? n : size;
  }
  if (sparse === 0) return denseVectorColumn(values, size, length);
  const out = new VectorRows(length, stored);
  for (let i = 0; i < length; i++) {
    const start = i * size;
    if (!sparserThan(nonzeros[i], size)) {
      for (let k = 0; k < size; k++) out.push(k, values[start + k]);
      out.end(1, size);
      continue;
    }
    for (let k = 0; k < size; k++) if (values[start + k] !== 0) out.push(k, values[start + k]);
    out.end(0, size);
  }
  return out.finish();
}

/** Builds vectors one entry at a time: `push` entries in ascending order, then `end` the row. */
export class VectorRows {
  private readonly kinds: Uint8Array;
  private readonly sizes: Int32Array;
  private readonly offsets: Int32Array;
  private indices: Int32Array;
  private values: Float64Array;
  private row = 0;
  private used = 0;

  constructor(rows: number, capacity: number) {
    this.kinds = new Uint8Array(rows);
    this.sizes = new Int32Array(rows);
    this.offsets = new Int32Array(rows + 1);
    this.indices = new Int32Array(Math.max(capacity, 16));
    this.values = new Float64Array(Math.max(capacity, 16));
  }

  push(index: number, value: number): void {
    if (this.used === this.values.length) {
      const indices = new Int32Array(2 * this.used);
      const values = new Float64Array(2 * this.used);
      indices.set(this.indices);
      values.set(this.values);
      this.indices = indices;
      this.values = values;
    }
    this.indices[this.used] = index;
    this.values[this.used++] = value;
  }

  /** Number of entries since the last `end`. */
  get entries(): number {
    return this.used - this.offsets[this.row];
  }

  /** Ends the row: kind 0 sparse, 1 dense (then `size` entries were pushed). */
  end(kind: 0 | 1, size: number): void {
    this.kinds[this.row] = kind;
    this.sizes[this.row] = size;
    this.offsets[++this.row] = this.used;
  }

  /** Ends the row in the form that takes less memory; only entries that are not zero may have been pushed. */
  endCompressed(size: number): void {
    const start = this.offsets[this.row];
    const count = this.used - start;
    if (sparserThan(count, size)) return this.end(0, size);
    const indices = this.indices.slice(start, this.used);
    const values = this.values.slice(start, this.used);
    this.used = start;
    for (let k = 0, at = 0; k < size; k++) {
      const here = at < count && indices[at] === k;
      this.push(k, here ? values[at] : 0);
      if (here) at++;
    }
    this.end(1, size);
  }

  /** The finished column: rows ended so far. All rows dense and of one size become the dense form. */
  finish(validity: Uint8Array | null = null): VectorColumn {
    const length = this.row;
    const values = this.values.subarray(0, this.used);
    const size = length === 0 ? 0 : this.sizes[0];
    let uniform = length > 0 && validity === null;
    for (let i = 0; i < length && uniform; i++) uniform = this.kinds[i] === 1 && this.sizes[i] === size;
    if (uniform) return denseVectorColumn(values, size, length);
    return {
      layout: "vector",
      form: "mixed",
      length,
      validity,
      kinds: this.kinds.subarray(0, length),
      sizes: this.sizes.subarray(0, length),
      offsets: this.offsets.subarray(0, length + 1),
      indices: this.indices.subarray(0, this.used),
      values,
    };
  }
}
