import { type Column, gather, slice as sliceColumn } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { Block } from "../../memory/index.js";
import { ElementBuilder } from "../codec/index.js";
import type { MapBlock } from "./map-output.js";

/** Bytes of pairs that a map task collects before it writes them. */
export const FLUSH_BYTES = 8 * 2 ** 20;
/** Readers of a block that hold less than this read their neighbours' pairs too; a block is cut where it has more. */
export const BLOCK_BYTES = 2 ** 20;
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

  /** Elements that are laid out already, of about `bytes`, and their destinations. */
  addColumn(column: Column, destinations: Int32Array, bytes: number): void {
    if (this.pairs.length > 0) this.flush();
    const starts = this.startsOf(destinations, column.length);
    this.write(gather(column, rowsInOrder(destinations, starts, column.length)), starts, bytes);
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
    const { length: numRows, bytes } = this.pairs;
    const starts = this.startsOf(this.destinations, numRows);
    const rows = rowsInOrder(this.destinations, starts, numRows);
    this.write(this.pairs.finish({ rows, segments: starts }), starts, bytes);
  }

  private startsOf(destinations: Int32Array, numRows: number): Int32Array {
    const { numPartitions } = this;
    const starts = new Int32Array(numPartitions + 1);
    for (let i = 0; i < numRows; i++) starts[destinations[i] + 1]++;
    for (let p = 0; p < numPartitions; p++) starts[p + 1] += starts[p];
    return starts;
  }

  /** Stores ordered pairs as one block, or as several ones of neighbouring destinations. */
  private write(column: Column, starts: Int32Array, bytes: number): void {
    const { length: numRows } = column;
    if (bytes <= BLOCK_BYTES || this.numPartitions === 1) {
      this.blocks.push({ block: this.store(column), numRows, first: 0, starts });
      return;
    }
    const bytesPerRow = bytes / numRows;
    let first = 0;
    for (let p = 0; p < this.numPartitions; p++) {
      const from = starts[first];
      const rows = starts[p + 1] - from;
      if (rows * bytesPerRow < BLOCK_BYTES && p < this.numPartitions - 1) continue;
      if (rows > 0) {
        const block = this.store(sliceColumn(column, from, from + rows));
        const own = starts.slice(first, p + 2).map((row) => row - from);
        this.blocks.push({ block, numRows: rows, first, starts: own });
      }
      first = p + 1;
    }
  }

  private store(column: Column): Block {
    return this.task.blocks.store({ numRows: column.length, columns: [column] });
  }
}

/** Numbers of the rows ordered by destination. */
function rowsInOrder(destinations: Int32Array, starts: Int32Array, numRows: number): Int32Array {
  const next = starts.slice();
  const rows = new Int32Array(numRows);
  for (let i = 0; i < numRows; i++) rows[next[destinations[i]]++] = i;
  return rows;
}
