import { slice as sliceColumn } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import { ElementBuilder } from "../codec/index.js";
import type { MapBlock } from "./map-output.js";

/** Bytes of pairs that a map task collects before it writes them. */
const FLUSH_BYTES = 8 * 2 ** 20;
/** Readers of a block that hold less than this read their neighbours' pairs too; a block is cut where it has more. */
const BLOCK_BYTES = 2 ** 20;
const STRIDE = 4096;

/** Collects a map task's pairs with their destinations and writes them as blocks ordered by destination. */
export class MapWriter {
  readonly blocks: MapBlock[] = [];
  private readonly pairs = new ElementBuilder();
  private destinations = new Int32Array(1024);
  private held = 0;

  constructor(
    private readonly numPartitions: number,
    private readonly task: TaskContext,
  ) {}

  /** A pair and its destination. */
  add(pair: readonly unknown[], destination: number): void {
    const { pairs } = this;
    if (pairs.length === this.destinations.length) this.grow();
    this.destinations[pairs.length] = destination;
    pairs.append(pair);
    if (pairs.length % STRIDE === 0) this.look();
  }

  finish(): readonly MapBlock[] {
    if (this.pairs.length > 0) this.flush();
    this.task.memory.release(this.held);
    this.held = 0;
    return this.blocks;
  }

  private grow(): void {
    const larger = new Int32Array(2 * this.destinations.length);
    larger.set(this.destinations);
    this.destinations = larger;
  }

  private look(): void {
    this.task.checkCancelled();
    // Writing needs the pairs a second time, in order.
    const bytes = 2 * this.pairs.bytes;
    if (bytes > this.held) {
      const wanted = Math.max(bytes - this.held, 2 ** 20);
      if (!this.task.memory.acquire(wanted)) return this.flush();
      this.held += wanted;
    }
    if (bytes > 2 * FLUSH_BYTES) this.flush();
  }

  private flush(): void {
    const { numPartitions, destinations } = this;
    const { length: numRows, bytes } = this.pairs;
    const starts = new Int32Array(numPartitions + 1);
    for (let i = 0; i < numRows; i++) starts[destinations[i] + 1]++;
    for (let p = 0; p < numPartitions; p++) starts[p + 1] += starts[p];
    if (bytes <= BLOCK_BYTES || numPartitions === 1) this.write(0, starts, this.rowsInOrder(starts, numRows));
    else this.writeCut(starts, this.rowsInOrder(starts, numRows), bytes / numRows);
  }

  private rowsInOrder(starts: Int32Array, numRows: number): Int32Array {
    const { destinations } = this;
    const next = starts.slice();
    const rows = new Int32Array(numRows);
    for (let i = 0; i < numRows; i++) rows[next[destinations[i]]++] = i;
    return rows;
  }

  private write(first: number, starts: Int32Array, rows: Int32Array): void {
    const numRows = rows.length;
    const column = this.pairs.finish({ rows, segments: starts });
    this.blocks.push({ block: this.task.blocks.store({ numRows, columns: [column] }), numRows, first, starts });
  }

  /** Several blocks of neighbouring destinations. */
  private writeCut(starts: Int32Array, rows: Int32Array, bytesPerRow: number): void {
    const column = this.pairs.finish({ rows, segments: starts });
    let first = 0;
    for (let p = 0; p < this.numPartitions; p++) {
      const numRows = starts[p + 1] - starts[first];
      if (numRows * bytesPerRow < BLOCK_BYTES && p < this.numPartitions - 1) continue;
      if (numRows > 0) {
        const from = starts[first];
        const block = this.task.blocks.store({ numRows, columns: [sliceColumn(column, from, from + numRows)] });
        const own = starts.slice(first, p + 2).map((row) => row - from);
        this.blocks.push({ block, numRows, first, starts: own });
      }
      first = p + 1;
    }
  }
}
