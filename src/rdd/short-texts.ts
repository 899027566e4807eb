const LEAST_SLOTS = 1024;
const WORDS = 4;
/** Characters of a short text at most. */
export const SHORT = 12;

/**
 * Finds entry numbers by texts of at most 12 Latin-1 characters, which lie in the table themselves, so that a look-up costs one
 * access to memory and no comparison of strings. By slot, in Int32:
 *
 *   0   (1 + entry) << 4 | length of the text, 0 when the slot is free
 *   1   characters 0 to 3, one a byte; 2, 3 the following ones
 */
export class ShortTexts {
  private table = new Int32Array(LEAST_SLOTS * WORDS);
  private shift = 32 - Math.log2(LEAST_SLOTS);
  private used = 0;
  private a = 0;
  private b = 0;
  private c = 0;

  /** Entry of a text; -1 when it has none, -2 when the text is no short one. */
  find(text: string): number {
    if (!this.pack(text)) return -2;
    const { table, a, b, c } = this;
    const { length } = text;
    const mask = table.length - 1;
    for (let at = this.firstSlot(length); table[at] !== 0; at = (at + WORDS) & mask) {
      if (table[at + 1] === a && table[at + 2] === b && table[at + 3] === c && (table[at] & 15) === length) {
        return (table[at] >> 4) - 1;
      }
    }
    return -1;
  }

  /** Adds a text that is not there; false when it is no short one. */
  add(text: string, entry: number): boolean {
    if (!this.pack(text)) return false;
    if (2 * ++this.used * WORDS > this.table.length) this.grow();
    this.put(((entry + 1) << 4) | text.length);
    return true;
  }

  clear(): void {
    this.used = 0;
    this.resize(LEAST_SLOTS);
  }

  /** Takes the characters apart into `a`, `b` and `c`. */
  private pack(text: string): boolean {
    const { length } = text;
    if (length > SHORT) return false;
    let a = 0;
    let b = 0;
    let c = 0;
    let all = 0;
    let i = 0;
    for (const end = length < 4 ? length : 4; i < end; i++) {
      const code = text.charCodeAt(i);
      all |= code;
      a = (a << 8) | code;
    }
    for (const end = length < 8 ? length : 8; i < end; i++) {
      const code = text.charCodeAt(i);
      all |= code;
      b = (b << 8) | code;
    }
    for (; i < length; i++) {
      const code = text.charCodeAt(i);
      all |= code;
      c = (c << 8) | code;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    return all < 256;
  }

  private firstSlot(length: number): number {
    let hash = Math.imul(this.a ^ length, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ this.b, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 13) ^ this.c, 0x9e3779b1);
    return (hash >>> this.shift) * WORDS;
  }

  private put(head: number): void {
    const { table } = this;
    const mask = table.length - 1;
    let at = this.firstSlot(head & 15);
    while (table[at] !== 0) at = (at + WORDS) & mask;
    table[at] = head;
    table[at + 1] = this.a;
    table[at + 2] = this.b;
    table[at + 3] = this.c;
  }

  private grow(): void {
    const { table, a, b, c } = this;
    this.resize((table.length / WORDS) * 2);
    for (let at = 0; at < table.length; at += WORDS) {
      if (table[at] === 0) continue;
      this.a = table[at + 1];
      this.b = table[at + 2];
      this.c = table[at + 3];
      this.put(table[at]);
    }
    this.a = a;
    this.b = b;
    this.c = c;
  }

  private resize(slots: number): void {
    this.table = new Int32Array(slots * WORDS);
    this.shift = 32 - Math.log2(slots);
  }
}
