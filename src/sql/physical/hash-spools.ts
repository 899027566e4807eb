import type { Batch, Column } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import { hashColumn } from "./hash-partition.js";
import { sliceBatch } from "./pieces.js";
import { RowSpool } from "./row-spool.js";
import { gatherBatch } from "./sample.js";
import { startsOf } from "./shuffle-segments.js";

/** Sub-partitions that rows are split into at once: each buffers one piece. */
export const SUB_PARTITIONS = 16;

/** Number of splits of splits; deeper ones help no more, because what is left together has one key. */
export const MAX_SPLITS = 6;

/** Sub-partition of each row by its keys; `level` chooses the hash, so that each split of a split is a new one. */
export function subPartitionsOf(keys: readonly Column[], numRows: number, level: number): Int32Array {
  // Seed 42 is the shuffle's own: the rows of one task agree in that.
  const hashes = new Int32Array(numRows).fill(Math.imul(level + 1, 0x9e3779b1));
  for (const key of keys) hashColumn(key, hashes);
  for (let i = 0; i < numRows; i++) hashes[i] = (hashes[i] ^ (hashes[i] >>> 15)) & (SUB_PARTITIONS - 1);
  return hashes;
}

/** Rows of one task in files by the hash of some columns: what belongs together is together, and small enough for memory. */
export class HashSpools {
  readonly spools: readonly RowSpool[];

  constructor(
    private readonly keys: readonly number[],
    private readonly level: number,
    context: Pick<TaskContext, "blocks">,
  ) {
    this.spools = Array.from({ length: SUB_PARTITIONS }, () => new RowSpool(context));
  }

  add(batch: Batch): void {
    const { numRows, columns } = batch;
    const destination = subPartitionsOf(
      this.keys.map((key) => columns[key]),
      numRows,
      this.level,
    );
    const starts = startsOf(destination, SUB_PARTITIONS);
    const next = starts.slice();
    const rows = new Int32Array(numRows);
    for (let i = 0; i < numRows; i++) rows[next[destination[i]]++] = i;
    const ordered = gatherBatch(batch, rows);
    this.spools.forEach((spool, p) => {
      if (starts[p + 1] > starts[p]) spool.add(sliceBatch(ordered, starts[p], starts[p + 1]));
    });
  }

  get numRows(): number {
    return this.spools.reduce((n, spool) => n + spool.numRows, 0);
  }

  discard(): void {
    for (const spool of this.spools) spool.discard();
  }
}
