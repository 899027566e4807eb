import type { Batch, Layout } from "../../columnar/index.js";
import {
  buildTable,
  openShared,
  workingBytes,
  type BuildRequest,
  type BuildTable,
  type SharedBuildFragment,
} from "./build-table.js";
import { ChunkedJoin } from "./chunked-join.js";
import { openExpression, type EncodedExpression, type Evaluate } from "./evaluate.js";
import { defineOperator, type Fragment, type OperatorContext } from "./fragment.js";
import { graceJoin } from "./grace-join.js";
import { HashSpools } from "./hash-spools.js";
import { MemoryShare } from "./memory-share.js";
import { probe } from "./probe.js";
import { RowSpool } from "./row-spool.js";
import { unmatchedBuild, withoutBuild } from "./unmatched.js";

/** Join types seen from the stream side: `outer` keeps its rows without a match, `full` those of both sides. */
export type StreamJoin = "inner" | "outer" | "full" | "semi" | "anti";

/** Streams one side past a hash table of the other. */
export interface HashJoinFragment extends Fragment {
  readonly op: "hashJoin";
  readonly stream: Fragment;
  readonly streamKeys: readonly number[];
  /** Rows, or a table that all tasks share. */
  readonly build: Fragment | SharedBuildFragment;
  readonly buildKeys: BuildRequest;
  readonly joinType: StreamJoin;
  /** Condition over the joined row (left columns, then right columns) beyond the equal keys. */
  readonly residual: EncodedExpression | undefined;
  /** The build side is the left side of the join. */
  readonly buildLeft: boolean;
  readonly streamLayouts: readonly Layout[];
  readonly buildLayouts: readonly Layout[];
  readonly partition: number;
  /** Bytes that are used without asking for them. */
  readonly leastMemory?: number;
}

/**
 * In memory while the build side fits; else both sides go to files by the hash of their keys and are joined part by part
 * (the grace hash join of Kitsuregawa, Tanaka and Moto-oka, 1983). Without keys to split by, the build side is taken in
 * stretches that fit.
 */
defineOperator<HashJoinFragment>({
  op: "hashJoin",
  async *open(fragment, context) {
    const residual = fragment.residual && openExpression(fragment.residual, context.settings, fragment.partition);
    if (fragment.build.op === "sharedBuild") {
      const { table } = fragment.build as SharedBuildFragment;
      yield* streamed(fragment, table && openShared(table), residual, context);
      return;
    }
    const share = new MemoryShare(context.memory, fragment.leastMemory);
    const side = await collectBuild(fragment, share, context);
    if (side instanceof HashSpools) {
      const stream = new HashSpools(fragment.streamKeys, 0, context);
      await fill(stream, fragment.stream, context);
      yield* graceJoin(fragment, side, stream, residual, context, 1);
    } else if (side instanceof RowSpool) {
      const stream = new RowSpool(context);
      await fill(stream, fragment.stream, context);
      yield* new ChunkedJoin(fragment, residual, context).join(side, stream);
      side.discard();
      stream.discard();
    } else {
      const built = side.length > 0 ? buildTable(fragment.buildKeys, side) : undefined;
      yield* streamed(fragment, built, residual, context);
      share.free();
    }
  },
});

/** The build side in memory, or in files when it is too large for that. */
async function collectBuild(
  { build, buildKeys }: HashJoinFragment,
  share: MemoryShare,
  context: OperatorContext,
): Promise<Batch[] | HashSpools | RowSpool> {
  const rows: Batch[] = [];
  let files: HashSpools | RowSpool | undefined;
  for await (const batch of context.open(build)) {
    context.checkCancelled();
    if (batch.numRows === 0) continue;
    if (!files && share.take(workingBytes(batch))) rows.push(batch);
    else {
      files ??= buildKeys.keys.length > 0 ? new HashSpools(buildKeys.keys, 0, context) : new RowSpool(context);
      for (const early of rows.splice(0)) files.add(early);
      share.free();
      files.add(batch);
    }
  }
  return files ?? rows;
}

async function fill(spool: HashSpools | RowSpool, input: Fragment, context: OperatorContext): Promise<void> {
  for await (const batch of context.open(input)) {
    context.checkCancelled();
    if (batch.numRows > 0) spool.add(batch);
  }
}

/** Joins the stream side with a table in memory. */
async function* streamed(
  fragment: HashJoinFragment,
  built: BuildTable | undefined,
  residual: Evaluate | undefined,
  context: OperatorContext,
): AsyncGenerator<Batch> {
  const { joinType } = fragment;
  if (!built && (joinType === "inner" || joinType === "semi")) return;
  const matched = built && joinType === "full" ? new Uint8Array(built.batch.numRows) : undefined;
  for await (const batch of context.open(fragment.stream)) {
    context.checkCancelled();
    if (!built) yield withoutBuild(fragment, batch);
    else if (batch.numRows > 0) yield* probe(fragment, built, batch, residual, matched);
  }
  if (built && matched) yield* unmatchedBuild(fragment, built, matched);
}
