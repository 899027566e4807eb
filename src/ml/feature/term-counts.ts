import { VectorRows } from "../base/index.js";

const LARGEST_TABLE = 1 << 22;

/** Counts the terms of one row after the other and writes them as sparse vectors in ascending order. */
export class TermCounts {
  /** Counts by index; undefined when there are so many features that a map is smaller. */
  private readonly table: Float64Array | undefined;
  private readonly map = new Map<number, number>();
  private touched = new Int32Array(256);
  private distinct = 0;

  constructor(private readonly numFeatures: number) {
    if (numFeatures <= LARGEST_TABLE) this.table = new Float64Array(numFeatures);
  }

  /** Vectors for a batch of `rows` rows with about `terms` terms. */
  open(rows: number, terms: number): VectorRows {
    return new VectorRows(rows, terms);
  }

  add(index: number): void {
    const before = this.table ? this.table[index] : (this.map.get(index) ?? 0);
    if (before === 0) this.touch(index);
    if (this.table) this.table[index] = before + 1;
    else this.map.set(index, before + 1);
  }

  /** Writes the row; `weigh` gives an entry's value for its count, 0 to leave it out. */
  endRow(rows: VectorRows, weigh: (count: number) => number): void {
    const indices = this.touched.subarray(0, this.distinct).sort();
    for (const index of indices) {
      const value = weigh(this.table ? this.table[index] : this.map.get(index)!);
      if (value !== 0) rows.push(index, value);
      if (this.table) this.table[index] = 0;
    }
    this.map.clear();
    this.distinct = 0;
    rows.end(0, this.numFeatures);
  }

  private touch(index: number): void {
    if (this.distinct === this.touched.length) {
      const larger = new Int32Array(2 * this.distinct);
      larger.set(this.touched);
      this.touched = larger;
    }
    this.touched[this.distinct++] = index;
  }
}
