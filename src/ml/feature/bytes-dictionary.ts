import { decodeUtf8, encodeInto } from "../../columnar/index.js";

/**
 * Numbers distinct byte strings 0, 1, 2... in order of first appearance, without decoding them.
 *
 *   pool    the strings one after the other; string k is `pool[starts[k] .. starts[k + 1])`
 *   table   open addressing over hashes, entries k + 1, 0 = free
 */
export class BytesDictionary {
  size = 0;
  private pool = new Uint8Array(1024);
  private starts = new Int32Array(65);
  private hashes = new Int32Array(64);
  private table = new Int32Array(128);

  /** A dictionary of the strings, in order; of equal strings the first counts. */
  static of(strings: readonly string[]): BytesDictionary {
    const dictionary = new BytesDictionary();
    for (const text of strings) dictionary.addText(text);
    return dictionary;
  }

  /** Number of `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.table[this.slotOf(bytes, start, end, hashOf(bytes, start, end))] - 1;
  }

  /** Number of `bytes[start, end)`, given now if it is new. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const slot = this.slotOf(bytes, start, end, hash);
    const known = this.table[slot];
    if (known !== 0) return known - 1;
    const id = this.size++;
    this.table[slot] = id + 1;
    this.store(id, bytes, start, end, hash);
    if (this.size * 2 > this.table.length) this.rehash();
    return id;
  }

  findText(text: string): number {
    const bytes = encoded(text);
    return this.find(bytes, 0, bytes.length);
  }

  addText(text: string): number {
    const bytes = encoded(text);
    return this.add(bytes, 0, bytes.length);
  }

  /** String number `id`. */
  text(id: number): string {
    return decodeUtf8(this.pool, this.starts[id], this.starts[id + 1]);
  }

  /** All strings by number. */
  texts(): string[] {
    return Array.from({ length: this.size }, (_, id) => this.text(id));
  }

  private slotOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.table[slot] - 1;
      if (id < 0 || (this.hashes[id] === hash && this.same(id, bytes, start, end))) return slot;
    }
  }

  private same(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.starts[id];
    if (this.starts[id + 1] - from !== end - start) return false;
    for (let k = start, at = from; k < end; k++, at++) if (this.pool[at] !== bytes[k]) return false;
    return true;
  }

  private store(id: number, bytes: Uint8Array, start: number, end: number, hash: number): void {
    if (id === this.hashes.length) {
      this.starts = grown(this.starts, 2 * id + 1);
      this.hashes = grown(this.hashes, 2 * id);
    }
    const at = this.starts[id];
    const next = at + end - start;
    if (next > this.pool.length) this.pool = grown(this.pool, Math.max(next, 2 * this.pool.length));
    for (let k = start, to = at; k < end; k++, to++) this.pool[to] = bytes[k];
    this.starts[id + 1] = next;
    this.hashes[id] = hash;
  }

  private rehash(): void {
    const table = new Int32Array(2 * this.table.length);
    const mask = table.length - 1;
    for (let id = 0; id < this.size; id++) {
      let slot = this.hashes[id] & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = id + 1;
    }
    this.table = table;
  }
}

const encoded = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length * 3);
  return bytes.subarray(0, encodeInto(text, bytes, 0));
};

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let h = end - start;
  for (let k = start; k < end; k++) h = Math.imul(h ^ bytes[k], 0x01000193);
  return h ^ (h >>> 15);
}

function grown<T extends Uint8Array | Int32Array>(array: T, length: number): T {
  const larger = new (array.constructor as new (n: number) => T)(length);
  larger.set(array as never);
  return larger;
}
