import type { Batch } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { FileBlock } from "../../memory/index.js";
import { BATCH_ROWS } from "./blocks-scan.js";
import { concatBatches } from "./collect-blocks.js";
import { ExternalMerge, readRun } from "./external-merge.js";
import { MemoryShare } from "./memory-share.js";
import { batchBytes, firstColumns, pieceRows } from "./pieces.js";
import type { SortKey } from "./row-order.js";
import { gatherBatch } from "./sample.js";
import { sortedRows } from "./sorted-rows.js";

/** Rows that go at once from memory into a merge. */
const MERGE_ROWS = 4096;

type Run = readonly FileBlock[];

/** Sorts any number of rows, stably: in memory while the task's share lasts, by sorted runs in files beyond. */
export class ExternalSort {
  private readonly share: MemoryShare;
  private pending: Batch[] = [];
  private rows = 0;
  private runs: Run[] = [];

  constructor(
    private readonly keys: readonly SortKey[],
    private readonly context: Pick<TaskContext, "memory" | "blocks" | "checkCancelled">,
    /** Rows wanted at most. */
    private readonly limit: number = Number.POSITIVE_INFINITY,
    /** Columns to produce: the first so many. */
    private readonly width: number = Number.POSITIVE_INFINITY,
    /** Memory that is used without asking. */
    least?: number,
  ) {
    this.share = new MemoryShare(context.memory, least);
  }

  /** Whether rows have gone to files. */
  get spilled(): boolean {
    return this.runs.length > 0;
  }

  add(batch: Batch): void {
    if (batch.numRows === 0) return;
    const need = workingBytes(batch);
    if (!this.share.take(need)) {
      if (this.rows > this.limit) this.keepFirst();
      if (!this.share.take(need)) {
        this.spill();
        this.share.take(need);
      }
    }
    this.pending.push(batch);
    this.rows += batch.numRows;
    if (this.rows > 4 * this.limit + 65_536) this.keepFirst();
  }

  /** The rows in order; nothing can be added afterwards. */
  *sorted(): Generator<Batch> {
    try {
      if (this.runs.length === 0) yield* this.inMemory(BATCH_ROWS, this.width);
      else {
        const sources = this.runs.map((run) => () => readRun(run));
        const merge = new ExternalMerge(this.keys, this.context, this.limit, this.width);
        yield* merge.merged([...sources, () => this.inMemory(MERGE_ROWS)]);
      }
    } finally {
      this.runs.flat().forEach((piece) => this.context.blocks.discard(piece));
      this.share.free();
    }
  }

  /** What is in memory, in order. */
  private *inMemory(batchRows: number, width = Number.POSITIVE_INFINITY): Generator<Batch> {
    if (this.rows === 0) return;
    const all = concatBatches(this.pending);
    this.pending = [];
    const order = sortedRows(all, this.keys);
    const wanted = firstColumns(all, width);
    const end = Math.min(this.limit, order.length);
    for (let at = 0; at < end; at += batchRows) {
      this.context.checkCancelled();
      yield gatherBatch(wanted, order.subarray(at, Math.min(end, at + batchRows)));
    }
  }

  private spill(): void {
    if (this.rows === 0) return;
    const rows = pieceRows(this.pending[0]);
    this.runs.push(Array.from(this.inMemory(rows), (piece) => this.context.blocks.spill(piece)));
    this.rows = 0;
    this.share.free();
  }

  /** Forgets all but the rows that can be among the wanted ones. */
  private keepFirst(): void {
    const kept = concatBatches([...this.inMemory(BATCH_ROWS)]);
    this.share.free();
    this.share.take(workingBytes(kept));
    this.pending = [kept];
    this.rows = kept.numRows;
  }
}

/** Rows are held once as they came, once joined, and their numbers twice while they are put in order. */
const workingBytes = (batch: Batch): number => 2 * batchBytes(batch) + 8 * batch.numRows;
