const LEAST_SLOTS = 1024;
const FIBONACCI = 0x9e3779b1 | 0;

/** Open addressing over typed arrays: finds entry numbers by a 32-bit tag, an int key or the hash of a text. */
export class SlotTable {
  /** By slot: 1 + number of the entry, 0 when the slot is free. */
  slots = new Int32Array(LEAST_SLOTS);
  /** By slot. */
  tags = new Int32Array(LEAST_SLOTS);
  private shift = 32 - Math.log2(LEAST_SLOTS);
  private used = 0;

  /** Slot where the search for a tag begins; it goes on with the next ones, around the end, up to a free one. */
  firstSlot(tag: number): number {
    return Math.imul(tag, FIBONACCI) >>> this.shift;
  }

  add(tag: number, entry: number): void {
    if (2 * ++this.used > this.slots.length) this.grow();
    this.put(tag, entry + 1);
  }

  clear(): void {
    this.used = 0;
    this.resize(LEAST_SLOTS);
  }

  private put(tag: number, slotValue: number): void {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = this.firstSlot(tag);
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = slotValue;
    this.tags[slot] = tag;
  }

  private grow(): void {
    const { slots, tags } = this;
    this.resize(slots.length * 4);
    for (let i = 0; i < slots.length; i++) if (slots[i] !== 0) this.put(tags[i], slots[i]);
  }

  private resize(slots: number): void {
    this.slots = new Int32Array(slots);
    this.tags = new Int32Array(slots);
    this.shift = 32 - Math.log2(slots);
  }
}
