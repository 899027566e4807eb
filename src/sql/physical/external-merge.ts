import { fromBlock, type Batch } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { FileBlock } from "../../memory/index.js";
import { mergeRuns } from "./merge-runs.js";
import { piecesOf, sliceBatch } from "./pieces.js";
import type { SortKey } from "./row-order.js";

/** Runs that are read at once: each takes the memory of one piece. */
const FAN_IN = 64;

/** Opens a sorted run, once. */
export type SortedSource = () => Iterator<Batch>;

/** Merges any number of sorted runs, with bounded memory; equal rows keep the order of their runs. */
export class ExternalMerge {
  constructor(
    private readonly keys: readonly SortKey[],
    private readonly context: Pick<TaskContext, "blocks" | "checkCancelled">,
    /** Rows wanted at most. */
    private readonly limit: number = Number.POSITIVE_INFINITY,
    /** Columns to produce: the first so many. */
    private readonly width: number = Number.POSITIVE_INFINITY,
  ) {}

  *merged(sources: readonly SortedSource[]): Generator<Batch> {
    const written: FileBlock[] = [];
    let open = sources;
    try {
      while (open.length > FAN_IN) open = this.mergeSome(open, written);
      yield* this.mergeAll(open, this.width);
    } finally {
      for (const piece of written) this.context.blocks.discard(piece);
    }
  }

  /** Joins neighbouring runs, only as many as it takes to merge the rest at once: most rows are written only once. */
  private mergeSome(sources: readonly SortedSource[], written: FileBlock[]): SortedSource[] {
    const merged: SortedSource[] = [];
    let excess = sources.length - FAN_IN;
    let at = 0;
    while (excess > 0 && at < sources.length - 1) {
      const group = sources.slice(at, at + Math.min(FAN_IN, excess + 1));
      const run: FileBlock[] = [];
      for (const batch of this.mergeAll(group))
        for (const piece of piecesOf(batch)) run.push(this.context.blocks.spill(piece));
      written.push(...run);
      merged.push(() => readRun(run));
      excess -= group.length - 1;
      at += group.length;
    }
    return [...merged, ...sources.slice(at)];
  }

  private *mergeAll(sources: readonly SortedSource[], width?: number): Generator<Batch> {
    let left = this.limit;
    for (const batch of mergeRuns(
      sources.map((open) => open()),
      this.keys,
      width,
    )) {
      this.context.checkCancelled();
      if (left <= 0) return;
      yield sliceBatch(batch, 0, Math.min(batch.numRows, left));
      left -= batch.numRows;
    }
  }
}

/** Rows of a spilled run. */
export function* readRun(run: readonly FileBlock[]): Generator<Batch> {
  for (const piece of run) yield fromBlock(piece);
}
