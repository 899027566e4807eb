import type { Batch } from "../../columnar/index.js";
import { buildTable, workingBytes } from "./build-table.js";
import type { Evaluate } from "./evaluate.js";
import type { OperatorContext } from "./fragment.js";
import type { HashJoinFragment } from "./hash-join.js";
import { MemoryShare } from "./memory-share.js";
import { joined, matchesOf, selected } from "./probe.js";
import type { RowSpool } from "./row-spool.js";
import { unmatchedBuild, withoutBuild } from "./unmatched.js";

/**
 * A join whose build side neither fits in memory nor can be split by its keys (none, or too many rows of one key): the build
 * side is taken in stretches that fit, and the stream side is read once for each of them.
 */
export class ChunkedJoin {
  constructor(
    private readonly fragment: HashJoinFragment,
    private readonly residual: Evaluate | undefined,
    private readonly context: OperatorContext,
  ) {}

  *join(build: RowSpool, stream: RowSpool): Generator<Batch> {
    const { joinType } = this.fragment;
    /** For each stream row, whether any stretch had a match; a plain inner join need not know. */
    const matched = joinType === "inner" ? undefined : new Uint8Array(stream.numRows);
    const share = new MemoryShare(this.context.memory, this.fragment.leastMemory);
    let chunk: Batch[] = [];
    for (const batch of build.read()) {
      const need = workingBytes(batch);
      if (!share.take(need) && chunk.length > 0) {
        yield* this.pass(chunk, stream, matched);
        chunk = [];
        share.free();
        share.take(need);
      }
      chunk.push(batch);
    }
    if (chunk.length > 0) yield* this.pass(chunk, stream, matched);
    share.free();
    if (matched) yield* this.rest(stream, matched);
  }

  /** One reading of the stream side, past one stretch of the build side. */
  private *pass(rows: readonly Batch[], stream: RowSpool, matched: Uint8Array | undefined): Generator<Batch> {
    const { fragment, residual, context } = this;
    const { joinType } = fragment;
    const built = buildTable(fragment.buildKeys, rows);
    const buildMatched = joinType === "full" ? new Uint8Array(built.batch.numRows) : undefined;
    let base = 0;
    for (const batch of stream.read()) {
      context.checkCancelled();
      for (const pairs of matchesOf(fragment, built, batch, residual)) {
        if (matched) for (const row of pairs.stream) matched[base + row] = 1;
        if (buildMatched) for (const row of pairs.build) buildMatched[row] = 1;
        if (joinType === "semi" || joinType === "anti" || pairs.stream.length === 0) continue;
        yield joined(fragment, batch, built.batch, pairs.stream, pairs.build);
      }
      base += batch.numRows;
    }
    if (buildMatched) yield* unmatchedBuild(fragment, built, buildMatched);
  }

  /** What the join type makes of the stream rows once it is known which of them have a partner. */
  private *rest(stream: RowSpool, matched: Uint8Array): Generator<Batch> {
    const { fragment, context } = this;
    const wanted = fragment.joinType === "semi" ? 1 : 0;
    let base = 0;
    for (const batch of stream.read()) {
      context.checkCancelled();
      const from = base;
      for (const rows of selected(batch, (row) => matched[from + row] === wanted))
        yield fragment.joinType === "semi" ? rows : withoutBuild(fragment, rows);
      base += batch.numRows;
    }
  }
}
