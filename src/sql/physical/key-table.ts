import { bitAt, isFixed, valueAt, widthOf, type Column, type Layout } from "../../columnar/index.js";
import { BytesPool, resized, type BytesPoolState } from "./bytes-pool.js";

/** A key table's arrays as they travel between threads. */
export interface KeyTableState {
  readonly layouts: readonly Layout[];
  readonly count: number;
  readonly words: Int32Array;
  readonly slots: Int32Array;
  readonly hashes: Int32Array;
  readonly pools: readonly (BytesPoolState | null)[];
}

/**
 * Numbers distinct rows of key columns 0, 1, 2, ... in the order of their first appearance: the hash table under grouping,
 * joins and distinct.
 *
 * A key is a fixed number of 32-bit words: one bitmap word of nulls for every 32 columns, then each column: 1 word for at
 * most 32 bits, 2 for 64, 4 for 128, and for anything of variable length the number of its bytes in a pool.
 */
export class KeyTable {
  count = 0;
  private readonly stride: number;
  private readonly nullWords: number;
  private readonly pools: (BytesPool | null)[];
  private words: Int32Array;
  private hashes = new Int32Array(64);
  private slots = new Int32Array(128).fill(-1);
  private scratch = new Int32Array(0);

  constructor(private readonly layouts: readonly Layout[]) {
    this.nullWords = (layouts.length + 31) >> 5;
    this.stride = layouts.reduce((n, layout) => n + wordsOf(layout), this.nullWords);
    this.pools = layouts.map((layout) => (isPooled(layout) ? new BytesPool() : null));
    this.words = new Int32Array(64 * this.stride);
  }

  /** Bytes of the table's arrays. */
  get bytes(): number {
    const own = this.words.byteLength + this.hashes.byteLength + this.slots.byteLength;
    return this.pools.reduce((n, pool) => n + (pool?.byteLength ?? 0), own);
  }

  /** Number of each row's key, adding those not seen before. */
  add(columns: readonly Column[], numRows: number): Int32Array {
    return this.lookUp(columns, numRows, true);
  }

  /** Number of each row's key, -1 where it is absent. */
  find(columns: readonly Column[], numRows: number): Int32Array {
    return this.lookUp(columns, numRows, false);
  }

  private lookUp(columns: readonly Column[], numRows: number, insert: boolean): Int32Array {
    const ids = new Int32Array(numRows);
    if (this.layouts.length === 0) {
      if (insert && numRows > 0) this.count = 1;
      return this.count ? ids : ids.fill(-1);
    }
    const { stride } = this;
    const keys = this.encode(columns, numRows, insert, ids);
    for (let row = 0; row < numRows; row++) {
      if (ids[row] < 0) continue;
      const at = row * stride;
      let h = 0x9e3779b9 | 0;
      for (let k = 0; k < stride; k++) {
        h = Math.imul(h ^ keys[at + k], 0x85ebca6b);
        h ^= h >>> 13;
      }
      h = Math.imul(h, 0xc2b2ae35);
      h ^= h >>> 16;
      ids[row] = this.idOf(keys, at, h, insert);
    }
    return ids;
  }

  private idOf(keys: Int32Array, at: number, h: number, insert: boolean): number {
    const { slots, words, hashes, stride } = this;
    const mask = slots.length - 1;
    let slot = h & mask;
    search: for (;;) {
      const id = slots[slot];
      if (id < 0) break;
      slot = (slot + 1) & mask;
      // Short keys are compared at once: looking at their hash first would be one more cache miss.
      if (stride > 6 && hashes[id] !== h) continue;
      const own = id * stride;
      for (let k = 0; k < stride; k++) if (words[own + k] !== keys[at + k]) continue search;
      return id;
    }
    if (!insert) return -1;
    const id = this.count++;
    if (id >= this.hashes.length) {
      this.hashes = resized(this.hashes, this.hashes.length * 2);
      this.words = resized(this.words, this.words.length * 2);
    }
    for (let k = 0; k < stride; k++) this.words[id * stride + k] = keys[at + k];
    this.hashes[id] = h;
    slots[slot] = id;
    if (this.count * 2 > slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    const mask = this.slots.length * 2 - 1;
    this.slots = new Int32Array(mask + 1).fill(-1);
    for (let id = 0; id < this.count; id++) {
      let slot = this.hashes[id] & mask;
      while (this.slots[slot] >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = id;
    }
  }

  /** The rows' words; a row whose pooled value is unknown gets -1 in `ids`. */
  private encode(columns: readonly Column[], numRows: number, insert: boolean, ids: Int32Array): Int32Array {
    const { stride } = this;
    if (this.scratch.length < numRows * stride) this.scratch = new Int32Array(numRows * stride);
    const words = this.scratch;
    words.fill(0, 0, numRows * stride);
    let at = this.nullWords;
    columns.forEach((column, c) => {
      const { validity } = column;
      const isNullAt =
        column.layout === "null" ? () => true : (row: number) => validity !== null && !bitAt(validity, row);
      if (validity !== null || column.layout === "null") {
        const bit = 1 << (c & 31);
        for (let row = 0; row < numRows; row++) if (isNullAt(row)) words[row * stride + (c >> 5)] |= bit;
      }
      const pool = this.pools[c];
      if (pool) pooled(column, numRows, words, at, stride, pool, insert, ids, isNullAt);
      else fixed(column, numRows, words, at, stride, validity === null ? null : isNullAt);
      at += wordsOf(this.layouts[c]);
    });
    return words;
  }

  /** The table's arrays in shared memory, so that every worker probes the same table. */
  share(): KeyTableState {
    const { layouts, count, stride } = this;
    return {
      layouts,
      count,
      words: shared(this.words.subarray(0, count * stride)),
      slots: shared(this.slots),
      hashes: shared(this.hashes.subarray(0, count)),
      pools: this.pools.map((pool) => {
        if (!pool) return null;
        const { bytes, offsets, hashes, slots, ...rest } = pool.state();
        return {
          ...rest,
          bytes: shared(bytes),
          offsets: shared(offsets),
          hashes: shared(hashes),
          slots: shared(slots),
        };
      }),
    };
  }

  /** A table for look-ups over shared arrays; it must not grow. */
  static over(state: KeyTableState): KeyTable {
    const { pools, layouts, ...arrays } = state;
    const table = new KeyTable(layouts);
    Object.assign(table, arrays);
    pools.forEach((pool, i) => (table.pools[i] = pool && BytesPool.over(pool)));
    return table;
  }
}

function shared<T extends Int32Array | Uint8Array>(array: T): T {
  const buffer = new SharedArrayBuffer(array.byteLength);
  const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => T)(buffer);
  copy.set(array as never);
  return copy;
}

const isPooled = (layout: Layout): boolean => layout !== "null" && layout !== "bool" && !isFixed(layout);
const wordsOf = (layout: Layout): number =>
  isFixed(layout) ? Math.max(1, widthOf[layout] >> 2) : layout === "null" ? 0 : 1;

type NullTest = (row: number) => boolean;

function fixed(
  column: Column,
  numRows: number,
  words: Int32Array,
  at: number,
  stride: number,
  isNullAt: NullTest | null,
): void {
  switch (column.layout) {
    case "null":
      return;
    case "bool":
      for (let row = 0; row < numRows; row++) words[row * stride + at] = bitAt(column.values, row) ? 1 : 0;
      break;
    case "i64":
    case "i128":
    case "f64": {
      const { values } = column as { values: BigInt64Array | Float64Array };
      const width = column.layout === "i128" ? 4 : 2;
      const halves = new Int32Array(values.buffer, values.byteOffset, numRows * width);
      for (let row = 0; row < numRows; row++) {
        for (let k = 0; k < width; k++) words[row * stride + at + k] = halves[row * width + k];
      }
      // -0.0 equals 0.0 and every NaN equals every other (Spark's NormalizeFloatingNumbers).
      if (column.layout === "f64") normalise(values as Float64Array, numRows, words, at, stride, 0x7ff80000, 2);
      break;
    }
    case "f32": {
      const bits = new Int32Array(column.values.buffer, column.values.byteOffset, numRows);
      for (let row = 0; row < numRows; row++) words[row * stride + at] = bits[row];
      normalise(column.values as Float32Array, numRows, words, at, stride, 0x7fc00000, 1);
      break;
    }
    default: {
      const { values } = column as { values: Int32Array };
      for (let row = 0; row < numRows; row++) words[row * stride + at] = values[row];
    }
  }
  if (isNullAt) {
    const width = wordsOf(column.layout);
    for (let row = 0; row < numRows; row++)
      if (isNullAt(row)) words.fill(0, row * stride + at, row * stride + at + width);
  }
}

function normalise(
  values: Float64Array | Float32Array,
  numRows: number,
  words: Int32Array,
  at: number,
  stride: number,
  nanHigh: number,
  width: number,
): void {
  for (let row = 0; row < numRows; row++) {
    const x = values[row];
    if (x !== 0 && x === x) continue;
    const to = row * stride + at;
    if (width === 2) words[to] = 0;
    words[to + width - 1] = x === 0 ? 0 : nanHigh;
  }
}

function pooled(
  column: Column,
  numRows: number,
  words: Int32Array,
  at: number,
  stride: number,
  pool: BytesPool,
  insert: boolean,
  ids: Int32Array,
  isNullAt: NullTest,
): void {
  const flat = column.layout === "utf8" || column.layout === "binary" ? column : undefined;
  for (let row = 0; row < numRows; row++) {
    if (isNullAt(row)) continue;
    let id: number;
    if (flat) id = pool.idOf(flat.bytes, flat.offsets[row], flat.offsets[row + 1], insert);
    else {
      const text = encoder.encode(nestedText(valueAt(column, row)));
      id = pool.idOf(text, 0, text.length, insert);
    }
    words[row * stride + at] = id;
    if (id < 0) ids[row] = -1;
  }
}

const encoder = new TextEncoder();

/** Text that equal nested values share. */
function nestedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(nestedText).join()}]`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return String(value === 0 ? 0 : value);
  if (value instanceof Uint8Array) return `b${value.join()}`;
  if (value && typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, x]) => `${key}:${ArrayBuffer.isView(x) ? (x as Uint8Array).join() : nestedText(x)}`)
      .join()}}`;
  }
  return String(value);
}
