import { fromBlock, type Batch } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { FileBlock } from "../../memory/index.js";
import { concatBatches } from "./collect-blocks.js";
import { batchBytes, PIECE_BYTES, sliceBatch } from "./pieces.js";
import { cutSegments, type Ordered } from "./shuffle-segments.js";
import type { ShuffleBlock } from "./shuffle-write.js";
import { fileRows } from "./store-rows.js";

interface Segment {
  readonly block: FileBlock;
  readonly first: number;
  readonly starts: Int32Array;
}

/** Stretches of a map task that were too small to be read by themselves: spilled, and merged by destination at the end. */
export class SpilledShuffle {
  private readonly stretches: Segment[][] = [];

  constructor(
    private readonly numPartitions: number,
    private readonly context: Pick<TaskContext, "blocks" | "checkCancelled">,
  ) {}

  get empty(): boolean {
    return this.stretches.length === 0;
  }

  add(ordered: Ordered): void {
    this.stretches.push(
      Array.from(cutSegments(ordered), ({ batch, first, starts }) => ({
        block: this.context.blocks.spill(batch),
        first,
        starts,
      })),
    );
  }

  /** Destination by destination, the rows of all stretches, written where later stages read them. */
  *merged(): Generator<ShuffleBlock> {
    const { context, numPartitions } = this;
    const cursors = this.stretches.map((segments) => new Cursor(segments));
    let parts: Batch[] = [];
    let bytes = 0;
    let first = 0;
    let counts: number[] = [];
    const write = (next: number): ShuffleBlock | undefined => {
      const batch = concatBatches(parts);
      const starts = new Int32Array(counts.length + 1);
      counts.forEach((n, i) => (starts[i + 1] = starts[i] + n));
      const block = batch.numRows === 0 ? undefined : { ...fileRows(batch, context), first, starts, bytes };
      parts = [];
      bytes = 0;
      counts = [];
      first = next;
      return block;
    };
    for (let p = 0; p < numPartitions; p++) {
      context.checkCancelled();
      counts.push(0);
      for (const cursor of cursors) {
        for (const rows of cursor.rowsFor(p)) {
          const size = batchBytes(rows);
          if (bytes > 0 && bytes + size > PIECE_BYTES) {
            // A destination may go on in the next block, but an empty place for it at the end of this one does no harm.
            const block = write(p);
            if (block) yield block;
            counts.push(0);
          }
          parts.push(rows);
          bytes += size;
          counts[counts.length - 1] += rows.numRows;
        }
      }
    }
    const block = write(numPartitions);
    if (block) yield block;
    for (const segment of this.stretches.flat()) context.blocks.discard(segment.block);
  }
}

/** Reads one stretch, destination after destination, a segment at a time. */
class Cursor {
  private at = 0;
  private batch: Batch | undefined;

  constructor(private readonly segments: readonly Segment[]) {}

  *rowsFor(partition: number): Generator<Batch> {
    for (; this.at < this.segments.length; this.at++, this.batch = undefined) {
      const { block, first, starts } = this.segments[this.at];
      const i = partition - first;
      if (i < 0) return;
      if (i >= starts.length - 1) continue;
      if (starts[i + 1] > starts[i]) {
        this.batch ??= fromBlock(block);
        yield sliceBatch(this.batch, starts[i], starts[i + 1]);
      }
      if (i < starts.length - 2) return;
    }
  }
}
