import type { Batch } from "../../columnar/index.js";
import { buildTable } from "./build-table.js";
import { ChunkedJoin } from "./chunked-join.js";
import type { Evaluate } from "./evaluate.js";
import type { OperatorContext } from "./fragment.js";
import type { HashJoinFragment } from "./hash-join.js";
import { HashSpools, MAX_SPLITS } from "./hash-spools.js";
import { MemoryShare } from "./memory-share.js";
import { probe } from "./probe.js";
import type { RowSpool } from "./row-spool.js";
import { unmatchedBuild, withoutBuild } from "./unmatched.js";

/** Share of the rows in one sub-partition above which its keys are too few to split by. */
const SKEWED = 0.9;

/** Joins two sides that were split by their keys, part by part; a part that is still too large is split again. */
export function* graceJoin(
  fragment: HashJoinFragment,
  build: HashSpools,
  stream: HashSpools,
  residual: Evaluate | undefined,
  context: OperatorContext,
  level: number,
): Generator<Batch> {
  const rows = build.numRows;
  for (const [p, buildPart] of build.spools.entries()) {
    const streamPart = stream.spools[p];
    context.checkCancelled();
    const share = new MemoryShare(context.memory, fragment.leastMemory);
    const batches = readWithin(buildPart, share);
    if (batches) yield* joinInMemory(fragment, batches, streamPart, residual);
    else if (level < MAX_SPLITS && buildPart.numRows < SKEWED * rows) {
      const builds = splitAgain(buildPart, fragment.buildKeys.keys, level, context);
      const streams = splitAgain(streamPart, fragment.streamKeys, level, context);
      yield* graceJoin(fragment, builds, streams, residual, context, level + 1);
    } else yield* new ChunkedJoin(fragment, residual, context).join(buildPart, streamPart);
    share.free();
    buildPart.discard();
    streamPart.discard();
  }
}

/** A spool's rows, if there is memory for a table of them. */
function readWithin(spool: RowSpool, share: MemoryShare): Batch[] | undefined {
  if (!share.take(2 * spool.bytes + 40 * spool.numRows)) return undefined;
  return [...spool.read()];
}

function splitAgain(spool: RowSpool, keys: readonly number[], level: number, context: OperatorContext): HashSpools {
  const parts = new HashSpools(keys, level, context);
  for (const batch of spool.read()) parts.add(batch);
  spool.discard();
  return parts;
}

function* joinInMemory(
  fragment: HashJoinFragment,
  rows: readonly Batch[],
  stream: RowSpool,
  residual: Evaluate | undefined,
): Generator<Batch> {
  const { joinType } = fragment;
  const built = rows.length > 0 ? buildTable(fragment.buildKeys, rows) : undefined;
  if (!built && (joinType === "inner" || joinType === "semi")) return;
  const matched = built && joinType === "full" ? new Uint8Array(built.batch.numRows) : undefined;
  for (const batch of stream.read()) {
    if (built) yield* probe(fragment, built, batch, residual, matched);
    else yield withoutBuild(fragment, batch);
  }
  if (built && matched) yield* unmatchedBuild(fragment, built, matched);
}
