import { keyOf } from "./keys.js";
import { ShortTexts } from "./short-texts.js";
import { SlotTable } from "./slot-table.js";

/** Characters of a text that its hash looks at, from each end. */
const HASHED = 32;

/** FNV-1a over the UTF-16 units; of long texts over both ends. */
function textHash(text: string): number {
  const { length } = text;
  let hash = length;
  const head = length > 2 * HASHED ? HASHED : length;
  for (let i = 0; i < head; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  for (let i = head === length ? length : length - HASHED; i < length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

/**
 * A value for each key, in the order in which the keys came first. 32-bit ints and strings, the common keys, are found by open
 * addressing: a JavaScript Map takes two to three times as long where there are many keys or every string is a new object.
 */
export class KeyedMap<C = unknown> {
  readonly keys: unknown[] = [];
  readonly values: C[] = [];
  private readonly ints = new SlotTable();
  private readonly shortTexts = new ShortTexts();
  private readonly texts = new SlotTable();
  private readonly others = new Map<unknown, number>();

  get size(): number {
    return this.keys.length;
  }

  /** Where the key's value is; -1 when there is none. */
  indexOf(key: unknown): number {
    if (typeof key === "string") {
      const short = this.shortTexts.find(key);
      return short === -2 ? this.indexOfText(key) : short;
    }
    if (typeof key === "number" && (key | 0) === key) return this.indexOfInt(key | 0);
    return this.others.get(keyOf(key)) ?? -1;
  }

  get(key: unknown): C | undefined {
    const index = this.indexOf(key);
    return index < 0 ? undefined : this.values[index];
  }

  /** Adds a key that is not there yet. */
  insert(key: unknown, value: C): void {
    const index = this.keys.length;
    if (typeof key === "string") {
      if (!this.shortTexts.add(key, index)) this.texts.add(textHash(key), index);
    } else if (typeof key === "number" && (key | 0) === key) this.ints.add(key | 0, index);
    else this.others.set(keyOf(key), index);
    this.keys.push(key);
    this.values.push(value);
  }

  clear(): void {
    this.ints.clear();
    this.shortTexts.clear();
    this.texts.clear();
    this.others.clear();
    this.keys.length = 0;
    this.values.length = 0;
  }

  private indexOfInt(key: number): number {
    const { slots, tags } = this.ints;
    const mask = slots.length - 1;
    for (let slot = this.ints.firstSlot(key); slots[slot] !== 0; slot = (slot + 1) & mask) {
      if (tags[slot] === key) return slots[slot] - 1;
    }
    return -1;
  }

  private indexOfText(key: string): number {
    const { slots, tags } = this.texts;
    const { keys } = this;
    const mask = slots.length - 1;
    const hash = textHash(key);
    for (let slot = this.texts.firstSlot(hash); slots[slot] !== 0; slot = (slot + 1) & mask) {
      if (tags[slot] === hash && keys[slots[slot] - 1] === key) return slots[slot] - 1;
    }
    return -1;
  }
}
