import { type BytesColumn, encodeInto, listColumn, type ListColumn } from "../../columnar/index.js";

/** Builds a column of lists of strings from bytes: `push...` the items of a row, then `endRow`. */
export class StringLists {
  private readonly rowOffsets: Int32Array;
  private offsets = new Int32Array(1024);
  private bytes: Uint8Array;
  private nulls: Set<number> | undefined;
  private row = 0;
  private items = 0;
  private used = 0;

  constructor(rows: number, byteCapacity: number) {
    this.rowOffsets = new Int32Array(rows + 1);
    this.bytes = new Uint8Array(Math.max(byteCapacity, 64));
  }

  pushBytes(bytes: Uint8Array, start: number, end: number): void {
    this.room(end - start);
    for (let k = start; k < end; k++) this.bytes[this.used++] = bytes[k];
    this.endItem();
  }

  pushText(text: string): void {
    this.room(text.length * 3);
    this.used += encodeInto(text, this.bytes, this.used);
    this.endItem();
  }

  pushNull(): void {
    (this.nulls ??= new Set()).add(this.items);
    this.endItem();
  }

  /** Number of items of the row so far. */
  get count(): number {
    return this.items - this.rowOffsets[this.row];
  }

  /** Removes empty items from the end of the row, as Java's `split` does. */
  dropTrailingEmpty(): void {
    while (this.count > 0 && this.offsets[this.items - 1] === this.offsets[this.items]) this.items--;
  }

  endRow(): void {
    this.rowOffsets[++this.row] = this.items;
  }

  finish(): ListColumn {
    const child: BytesColumn = {
      layout: "utf8",
      length: this.items,
      validity: this.childValidity(),
      offsets: this.offsets.subarray(0, this.items + 1),
      bytes: this.bytes.subarray(0, this.used),
    };
    return listColumn(this.rowOffsets.subarray(0, this.row + 1), child);
  }

  private childValidity(): Uint8Array | null {
    if (!this.nulls) return null;
    const bits = new Uint8Array((this.items + 7) >> 3).fill(255);
    for (const item of this.nulls) bits[item >> 3] &= ~(1 << (item & 7));
    return bits;
  }

  private room(bytes: number): void {
    if (this.used + bytes <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.used + bytes, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  private endItem(): void {
    if (this.items + 2 > this.offsets.length) {
      const larger = new Int32Array(2 * this.offsets.length);
      larger.set(this.offsets);
      this.offsets = larger;
    }
    this.offsets[++this.items] = this.used;
  }
}
