import { keyOf } from "./keys.js";

/** Slots of an int table that is empty. */
const LEAST_SLOTS = 1024;
const FIBONACCI = 0x9e3779b1 | 0;

/**
 * A value for each key, in the order in which the keys came first. Keys that are 32-bit ints, the common case, are found by
 * open addressing over typed arrays, several times faster than a JavaScript Map of a million keys; the others by such a Map.
 */
export class KeyedMap<C = unknown> {
  readonly keys: unknown[] = [];
  readonly values: C[] = [];
  private readonly others = new Map<unknown, number>();
  /** By slot: 1 + index of the entry, 0 when the slot is free. */
  private slots = new Int32Array(LEAST_SLOTS);
  /** By slot: the key. */
  private slotKeys = new Int32Array(LEAST_SLOTS);
  private shift = 32 - Math.log2(LEAST_SLOTS);
  private ints = 0;

  get size(): number {
    return this.keys.length;
  }

  /** Where the key's value is; -1 when there is none. */
  indexOf(key: unknown): number {
    if (typeof key === "number") {
      const int = key | 0;
      if (int === key) {
        const { slots, slotKeys } = this;
        const mask = slots.length - 1;
        let slot = Math.imul(int, FIBONACCI) >>> this.shift;
        while (slots[slot] !== 0) {
          if (slotKeys[slot] === int) return slots[slot] - 1;
          slot = (slot + 1) & mask;
        }
        return -1;
      }
    }
    return this.others.get(keyOf(key)) ?? -1;
  }

  get(key: unknown): C | undefined {
    const index = this.indexOf(key);
    return index < 0 ? undefined : this.values[index];
  }

  /** Adds a key that is not there yet. */
  insert(key: unknown, value: C): void {
    const index = this.keys.length;
    if (typeof key === "number" && (key | 0) === key) this.insertInt(key, index);
    else this.others.set(keyOf(key), index);
    this.keys.push(key);
    this.values.push(value);
  }

  clear(): void {
    this.others.clear();
    this.keys.length = 0;
    this.values.length = 0;
    this.ints = 0;
    this.resize(LEAST_SLOTS);
  }

  private insertInt(key: number, index: number): void {
    if (2 * ++this.ints > this.slots.length) this.grow();
    const { slots, slotKeys } = this;
    const slot = this.freeSlot(key);
    slots[slot] = index + 1;
    slotKeys[slot] = key;
  }

  private freeSlot(key: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = Math.imul(key, FIBONACCI) >>> this.shift;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { slots, slotKeys } = this;
    this.resize(slots.length * 4);
    for (let i = 0; i < slots.length; i++) {
      if (slots[i] === 0) continue;
      const slot = this.freeSlot(slotKeys[i]);
      this.slots[slot] = slots[i];
      this.slotKeys[slot] = slotKeys[i];
    }
  }

  private resize(slots: number): void {
    this.slots = new Int32Array(slots);
    this.slotKeys = new Int32Array(slots);
    this.shift = 32 - Math.log2(slots);
  }
}
