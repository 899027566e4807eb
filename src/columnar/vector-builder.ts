import { type DenseVector, SparseVector } from "../linalg/index.js";
import type { VectorColumn } from "./column.js";
import { Builder, type ColumnBuilder, grown } from "./column-builder.js";

/** Builds a vector column from vectors or, without making them, from arrays; the arrays are copied. */
export interface VectorColumnBuilder extends ColumnBuilder {
  append(value: DenseVector | SparseVector | null | undefined): void;
  /** A dense vector: `values[start .. end)`. */
  appendDense(values: ArrayLike<number>, start?: number, end?: number): void;
  /** A sparse vector: `indices` (ascending) and `values` at `start .. end`. */
  appendSparse(size: number, indices: ArrayLike<number>, values: ArrayLike<number>, start?: number, end?: number): void;
  finish(): VectorColumn;
}

interface Entry {
  /** Undefined for a dense vector. */
  readonly indices: ArrayLike<number> | undefined;
  readonly values: ArrayLike<number>;
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

class VectorBuilder extends Builder implements VectorColumnBuilder {
  private kinds = new Uint8Array(this.capacity);
  private sizes = new Int32Array(this.capacity);
  private offsets = new Int32Array(this.capacity + 1);
  private indices = new Int32Array(0);
  private values = new Float64Array(this.capacity);
  private used = 0;
  /** Common size while every row so far is dense and equally wide; -1 once that is broken; undefined before the first. */
  private uniform: number | undefined;
  /** Reused for every row, so that appending allocates nothing. */
  private readonly entry = { indices: undefined, values: this.values, size: 0, start: 0, end: 0 } as {
    -readonly [K in keyof Entry]: Entry[K];
  };

  appendDense(values: ArrayLike<number>, start = 0, end = values.length): void {
    this.appendEntry(undefined, values, end - start, start, end);
  }

  appendSparse(
    size: number,
    indices: ArrayLike<number>,
    values: ArrayLike<number>,
    start = 0,
    end = values.length,
  ): void {
    this.appendEntry(indices, values, size, start, end);
  }

  override append(value: unknown): void {
    if (value === null || value === undefined) return this.appendNull();
    const vector = value as DenseVector | SparseVector;
    const indices = vector instanceof SparseVector ? vector.indices : undefined;
    this.appendEntry(indices, vector.values, vector.size, 0, vector.values.length);
  }

  override finish(): VectorColumn {
    return super.finish() as VectorColumn;
  }

  private appendEntry(
    indices: ArrayLike<number> | undefined,
    values: ArrayLike<number>,
    size: number,
    start: number,
    end: number,
  ): void {
    const { entry } = this;
    entry.indices = indices;
    entry.values = values;
    entry.size = size;
    entry.start = start;
    entry.end = end;
    super.append(entry);
  }

  protected grow(capacity: number): void {
    this.kinds = grown(this.kinds, capacity);
    this.sizes = grown(this.sizes, capacity);
    this.offsets = grown(this.offsets, capacity + 1);
  }

  protected put(i: number, value: unknown): void {
    const { indices, values, size, start, end } = value as Entry;
    const used = this.used + end - start;
    if (used > this.values.length) this.values = grown(this.values, Math.max(used, this.values.length * 2));
    for (let from = start, to = this.used; from < end; from++, to++) this.values[to] = values[from];
    this.sizes[i] = size;
    if (indices) {
      if (this.indices.length < used) this.indices = grown(this.indices, this.values.length);
      for (let from = start, to = this.used; from < end; from++, to++) this.indices[to] = indices[from];
      this.uniform = -1;
    } else {
      this.kinds[i] = 1;
      if (this.uniform === undefined) this.uniform = size;
      else if (this.uniform !== size) this.uniform = -1;
    }
    this.used = used;
    this.offsets[i + 1] = used;
  }

  protected putNull(i: number): void {
    this.offsets[i + 1] = this.used;
  }

  protected build(length: number, validity: Uint8Array | null): VectorColumn {
    const base = { layout: "vector", length, validity } as const;
    if (this.uniform === -1) {
      const indices = this.indices.length < this.used ? grown(this.indices, this.used) : this.indices;
      return {
        ...base,
        form: "mixed",
        kinds: this.kinds.subarray(0, length),
        sizes: this.sizes.subarray(0, length),
        offsets: this.offsets.subarray(0, length + 1),
        indices: indices.subarray(0, this.used),
        values: this.values.subarray(0, this.used),
      };
    }
    const size = this.uniform ?? 0;
    if (validity === null) return { ...base, form: "dense", size, values: this.values.subarray(0, this.used) };
    const values = new Float64Array(length * size);
    for (let i = 0; i < length; i++) {
      values.set(this.values.subarray(this.offsets[i], this.offsets[i + 1]), i * size);
    }
    return { ...base, form: "dense", size, values };
  }
}

/** A builder of vector columns with room for `capacity` rows before it grows. */
export const vectorBuilder = (capacity = 64): VectorColumnBuilder => new VectorBuilder(capacity);
