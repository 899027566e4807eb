import { fromBlock, type Batch } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { FileBlock } from "../../memory/index.js";
import { concatBatches } from "./collect-blocks.js";
import { batchBytes, PIECE_BYTES, piecesOf } from "./pieces.js";

/** Rows of one task in files, in the order they came; they can be read any number of times. */
export class RowSpool {
  bytes = 0;
  numRows = 0;
  private pieces: FileBlock[] = [];
  private pending: Batch[] = [];
  private pendingBytes = 0;

  constructor(private readonly context: Pick<TaskContext, "blocks">) {}

  add(batch: Batch): void {
    if (batch.numRows === 0) return;
    const size = batchBytes(batch);
    this.bytes += size;
    this.numRows += batch.numRows;
    this.pending.push(batch);
    this.pendingBytes += size;
    if (this.pendingBytes >= PIECE_BYTES) this.flush();
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    const all = concatBatches(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    for (const piece of piecesOf(all)) this.pieces.push(this.context.blocks.spill(piece));
  }

  *read(): Generator<Batch> {
    this.flush();
    for (const piece of this.pieces) yield fromBlock(piece);
  }

  discard(): void {
    this.pending = [];
    for (const piece of this.pieces) this.context.blocks.discard(piece);
    this.pieces = [];
  }
}
