/**
 * Int32 fields of a slot: 1 + number of the word (0: free) and its length; of a short word its bytes, of another its hash and
 * where its bytes begin.
 */
const FIELDS = 4;
const LEAST_SLOTS = 1024;
/** Bytes of a short word, which lies in its slot. */
const SHORT = 8;
/** By length of a short word: which bits of its first and of its second four bytes are its own. */
const FIRST = Int32Array.from({ length: SHORT + 1 }, (_, n) => (n >= 4 ? -1 : 2 ** (8 * n) - 1));
const SECOND = Int32Array.from({ length: SHORT + 1 }, (_, n) => (n >= 8 ? -1 : n > 4 ? 2 ** (8 * n - 32) - 1 : 0));

function hashOf(length: number, a: number, b: number): number {
  if (length > SHORT) return a;
  let hash = Math.imul(a ^ length, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ b, 0xc2b2ae35);
  return hash ^ (hash >>> 15);
}

/** Counts distinct words, given as bytes, in the order in which they came first (open addressing). */
export class ByteWords {
  size = 0;
  private table = new Int32Array(LEAST_SLOTS * FIELDS);
  private pool = Buffer.allocUnsafe(LEAST_SLOTS * 8);
  private used = 0;
  /** By word: where its bytes begin; one more entry says where the last ones end. */
  private offsets = new Int32Array(LEAST_SLOTS / 2 + 1);
  private counts = new Float64Array(LEAST_SLOTS / 2);

  private text: Uint8Array | undefined;
  /** Over {@link text}. */
  private view: DataView = new DataView(this.pool.buffer);

  /** Memory that the words take, in bytes. */
  get bytes(): number {
    return this.table.byteLength + this.pool.length + this.offsets.byteLength + this.counts.byteLength;
  }

  /** Counts the words of `text[from .. to)`: what lies between one `separator` and the next, empty ones too. */
  countAll(text: Uint8Array, from: number, to: number, separator: number): void {
    if (text !== this.text) {
      this.text = text;
      this.view = new DataView(text.buffer, text.byteOffset, text.byteLength);
    }
    const { view } = this;
    const lastWhole = text.length - SHORT;
    for (let start = from; ;) {
      let at = start;
      while (at < to && text[at] !== separator) at++;
      const length = at - start;
      if (length > SHORT) this.countLong(text, start, length);
      else if (start <= lastWhole) {
        const a = view.getInt32(start, true) & FIRST[length];
        this.countShort(text, start, length, a, view.getInt32(start + 4, true) & SECOND[length]);
      } else this.countLast(text, start, length);
      if (at === to) return;
      start = at + 1;
    }
  }

  /** Text of a word; bytes that are no UTF-8 become U+FFFD. */
  textOf(word: number): string {
    return this.pool.toString("utf8", this.offsets[word], this.offsets[word + 1]);
  }

  countOf(word: number): number {
    return this.counts[word];
  }

  clear(): void {
    this.size = this.used = 0;
    this.table = new Int32Array(LEAST_SLOTS * FIELDS);
    this.pool = Buffer.allocUnsafe(LEAST_SLOTS * 8);
    this.offsets = new Int32Array(LEAST_SLOTS / 2 + 1);
    this.counts = new Float64Array(LEAST_SLOTS / 2);
  }

  private countShort(text: Uint8Array, start: number, length: number, a: number, b: number): void {
    const { table } = this;
    const mask = table.length - 1;
    let at = (hashOf(length, a, b) << 2) & mask;
    for (; table[at] !== 0; at = (at + FIELDS) & mask) {
      if (table[at + 2] !== a || table[at + 3] !== b || table[at + 1] !== length) continue;
      this.counts[table[at] - 1]++;
      return;
    }
    this.add(text, start, length, at);
    this.fill(at, length, a, b);
  }

  /** A short word so near to the end of the buffer that eight bytes cannot be read. */
  private countLast(text: Uint8Array, start: number, length: number): void {
    let a = 0;
    let b = 0;
    for (let i = 0; i < length; i++) {
      if (i < 4) a |= text[start + i] << (8 * i);
      else b |= text[start + i] << (8 * i - 32);
    }
    this.countShort(text, start, length, a, b);
  }

  private countLong(text: Uint8Array, start: number, length: number): void {
    let hash = 0x811c9dc5 | 0;
    for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ text[i], 0x01000193);
    hash ^= hash >>> 15;
    const { table, pool } = this;
    const mask = table.length - 1;
    let at = (hash << 2) & mask;
    for (; table[at] !== 0; at = (at + FIELDS) & mask) {
      if (table[at + 2] !== hash || table[at + 1] !== length) continue;
      const from = table[at + 3];
      let i = 0;
      while (i < length && pool[from + i] === text[start + i]) i++;
      if (i < length) continue;
      this.counts[table[at] - 1]++;
      return;
    }
    const from = this.used;
    this.add(text, start, length, at);
    this.fill(at, length, hash, from);
  }

  /** Takes the bytes of the next word. */
  private add(text: Uint8Array, start: number, length: number, at: number): void {
    const word = this.size++;
    const from = this.used;
    this.used += length;
    if (this.used > this.pool.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.pool.length, this.used));
      this.pool.copy(larger, 0, 0, from);
      this.pool = larger;
    }
    for (let i = 0; i < length; i++) this.pool[from + i] = text[start + i];
    this.offsets[word + 1] = this.used;
    this.counts[word] = 1;
    this.table[at] = word + 1;
  }

  /** Says in a slot how its word is found again. */
  private fill(at: number, length: number, a: number, b: number): void {
    this.table[at + 1] = length;
    this.table[at + 2] = a;
    this.table[at + 3] = b;
    if (this.size === this.counts.length) this.grow();
  }

  /** Twice as many slots; they are never more than half full. */
  private grow(): void {
    const old = this.table;
    const table = new Int32Array(2 * old.length);
    const mask = table.length - 1;
    for (let from = 0; from < old.length; from += FIELDS) {
      if (old[from] === 0) continue;
      let at = (hashOf(old[from + 1], old[from + 2], old[from + 3]) << 2) & mask;
      while (table[at] !== 0) at = (at + FIELDS) & mask;
      table.set(old.subarray(from, from + FIELDS), at);
    }
    this.table = table;
    const counts = new Float64Array(2 * this.counts.length);
    counts.set(this.counts);
    this.counts = counts;
    const offsets = new Int32Array(counts.length + 1);
    offsets.set(this.offsets);
    this.offsets = offsets;
  }
}
