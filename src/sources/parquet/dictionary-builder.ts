import type { BytesColumn } from "../../columnar/index.js";

const MAX_BYTES = 1 << 20;
const MAX_ENTRIES = 1 << 16;

export interface Dictionary {
  readonly entries: BytesColumn;
  readonly indices: Int32Array;
}

/** Distinct strings of a column without nulls and each row's index, or undefined where a dictionary would not pay. */
export function buildDictionary(column: BytesColumn): Dictionary | undefined {
  const { length, offsets, bytes } = column;
  let slots = new Int32Array(256).fill(-1);
  const indices = new Int32Array(length);
  const first = new Int32Array(Math.min(length, MAX_ENTRIES) + 1);
  const hashes = new Int32Array(first.length);
  let entries = 0;
  let size = 0;
  for (let i = 0; i < length; i++) {
    const start = offsets[i];
    const end = offsets[i + 1];
    let hash = 0x811c9dc5;
    for (let k = start; k < end; k++) hash = Math.imul(hash ^ bytes[k], 0x01000193);
    hash ^= hash >>> 15;
    let slot = hash & (slots.length - 1);
    for (; slots[slot] >= 0; slot = (slot + 1) & (slots.length - 1)) {
      if (hashes[slots[slot]] === hash && sameBytes(column, first[slots[slot]], i)) break;
    }
    if (slots[slot] >= 0) {
      indices[i] = slots[slot];
      continue;
    }
    size += end - start + 4;
    if (entries >= MAX_ENTRIES || size > MAX_BYTES || (i > 1000 && entries > i / 2)) return undefined;
    first[entries] = i;
    hashes[entries] = hash;
    slots[slot] = entries;
    indices[i] = entries++;
    if (entries * 2 > slots.length) slots = rehash(slots.length * 2, hashes, entries);
  }
  if (entries * 2 > length) return undefined;
  return { entries: pick(column, first.subarray(0, entries)), indices };
}

function rehash(size: number, hashes: Int32Array, entries: number): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(size).fill(-1);
  for (let e = 0; e < entries; e++) {
    let slot = hashes[e] & (size - 1);
    while (slots[slot] >= 0) slot = (slot + 1) & (size - 1);
    slots[slot] = e;
  }
  return slots;
}

function sameBytes({ offsets, bytes }: BytesColumn, a: number, b: number): boolean {
  const size = offsets[a + 1] - offsets[a];
  if (offsets[b + 1] - offsets[b] !== size) return false;
  for (let k = 0; k < size; k++) if (bytes[offsets[a] + k] !== bytes[offsets[b] + k]) return false;
  return true;
}

function pick(column: BytesColumn, rows: Int32Array): BytesColumn {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, e) => (offsets[e + 1] = offsets[e] + column.offsets[row + 1] - column.offsets[row]));
  const bytes = new Uint8Array(offsets[rows.length]);
  rows.forEach((row, e) => bytes.set(column.bytes.subarray(column.offsets[row], column.offsets[row + 1]), offsets[e]));
  return { layout: column.layout, length: rows.length, validity: null, offsets, bytes };
}
