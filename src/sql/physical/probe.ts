import { bitAt, gather, nullColumn, type Batch, type BoolColumn } from "../../columnar/index.js";
import { BATCH_ROWS } from "./blocks-scan.js";
import { excludeNulls, type BuildTable } from "./build-table.js";
import type { Evaluate } from "./evaluate.js";
import type { HashJoinFragment } from "./hash-join.js";
import { gatherBatch } from "./sample.js";

/** Joined rows of one batch of the stream side; marks in `buildMatched` the build rows that found a partner. */
export function* probe(
  fragment: HashJoinFragment,
  built: BuildTable,
  batch: Batch,
  residual: Evaluate | undefined,
  buildMatched: Uint8Array | undefined,
): Generator<Batch> {
  const { joinType } = fragment;
  const ids = keysOf(fragment, built, batch);
  const keepsStream = joinType === "outer" || joinType === "full";
  if ((joinType === "semi" || joinType === "anti") && !residual) {
    const wanted = joinType === "semi";
    yield* selected(batch, (row) => ids[row] >= 0 === wanted);
    return;
  }
  const matched = new Uint8Array(batch.numRows);
  const kept: Pairs[] = [];
  for (const pairs of pairsOf(built, ids, keepsStream && !residual)) {
    const found = residual ? satisfied(fragment, batch, built.batch, pairs, residual) : pairs;
    for (let i = 0; i < found.stream.length; i++) {
      matched[found.stream[i]] = 1;
      if (buildMatched && found.build[i] >= 0) buildMatched[found.build[i]] = 1;
    }
    if (joinType === "semi" || joinType === "anti") continue;
    if (keepsStream && residual) kept.push(found);
    else if (found.stream.length > 0) yield joined(fragment, batch, built.batch, found.stream, found.build);
  }
  if (joinType === "semi" || joinType === "anti") {
    const wanted = joinType === "semi" ? 1 : 0;
    yield* selected(batch, (row) => matched[row] === wanted);
  } else if (keepsStream && residual) {
    const pairs = withUnmatched(kept, matched);
    for (let at = 0; at < pairs.stream.length; at += BATCH_ROWS) {
      const end = at + BATCH_ROWS;
      yield joined(fragment, batch, built.batch, pairs.stream.subarray(at, end), pairs.build.subarray(at, end));
    }
  }
}

/** Pairs of one batch that satisfy the whole condition, in stream order. */
export function* matchesOf(
  fragment: HashJoinFragment,
  built: BuildTable,
  batch: Batch,
  residual: Evaluate | undefined,
): Generator<Pairs> {
  for (const pairs of pairsOf(built, keysOf(fragment, built, batch), false))
    yield residual ? satisfied(fragment, batch, built.batch, pairs, residual) : pairs;
}

/** Number of each row's key in the build table, -1 where nothing can match. */
function keysOf(fragment: HashJoinFragment, built: BuildTable, batch: Batch): Int32Array {
  const keys = fragment.streamKeys.map((i) => batch.columns[i]);
  const ids = built.table.find(keys, batch.numRows);
  excludeNulls(ids, keys, fragment.buildKeys.nullSafe);
  return ids;
}

/** The rows of a batch that `keep` wants. */
export function* selected(batch: Batch, keep: (row: number) => boolean): Generator<Batch> {
  const rows = new Int32Array(batch.numRows);
  let n = 0;
  for (let row = 0; row < batch.numRows; row++) if (keep(row)) rows[n++] = row;
  if (n > 0) yield gatherBatch(batch, rows.subarray(0, n));
}

/** Row numbers of both sides, pair by pair; -1 on the build side: no match. */
export interface Pairs {
  readonly stream: Int32Array;
  readonly build: Int32Array;
}

/** Candidate pairs in stream order, in stretches of at most `BATCH_ROWS`. */
function* pairsOf(built: BuildTable, ids: Int32Array, keepStream: boolean): Generator<Pairs> {
  let stream = new Int32Array(BATCH_ROWS);
  let build = new Int32Array(BATCH_ROWS);
  let n = 0;
  for (let row = 0; row < ids.length; row++) {
    let at = ids[row] < 0 ? -1 : built.head[ids[row]];
    if (at < 0 && !keepStream) continue;
    do {
      if (n === BATCH_ROWS) {
        yield { stream, build };
        stream = new Int32Array(BATCH_ROWS);
        build = new Int32Array(BATCH_ROWS);
        n = 0;
      }
      stream[n] = row;
      build[n++] = at;
      if (at >= 0) at = built.next[at];
    } while (at >= 0);
  }
  if (n > 0) yield { stream: stream.subarray(0, n), build: build.subarray(0, n) };
}

function satisfied(fragment: HashJoinFragment, batch: Batch, build: Batch, pairs: Pairs, residual: Evaluate): Pairs {
  const condition = residual(joined(fragment, batch, build, pairs.stream, pairs.build)) as BoolColumn;
  const keep = (i: number): boolean =>
    bitAt(condition.values, i) && (condition.validity === null || bitAt(condition.validity, i));
  const stream = new Int32Array(pairs.stream.length);
  const rows = new Int32Array(pairs.stream.length);
  let n = 0;
  if ((condition.layout as string) !== "null") {
    for (let i = 0; i < stream.length; i++) {
      if (!keep(i)) continue;
      stream[n] = pairs.stream[i];
      rows[n++] = pairs.build[i];
    }
  }
  return { stream: stream.subarray(0, n), build: rows.subarray(0, n) };
}

/** The pairs with a (row, -1) for every stream row without one, in stream order. */
function withUnmatched(kept: readonly Pairs[], matched: Uint8Array): Pairs {
  let unmatched = 0;
  for (const m of matched) if (!m) unmatched++;
  const total = kept.reduce((n, pairs) => n + pairs.stream.length, unmatched);
  const stream = new Int32Array(total);
  const build = new Int32Array(total);
  let n = 0;
  let row = 0;
  const skipTo = (end: number): void => {
    for (; row < end; row++) {
      if (matched[row]) continue;
      stream[n] = row;
      build[n++] = -1;
    }
  };
  for (const pairs of kept) {
    for (let i = 0; i < pairs.stream.length; i++) {
      skipTo(pairs.stream[i]);
      stream[n] = pairs.stream[i];
      build[n++] = pairs.build[i];
    }
  }
  skipTo(matched.length);
  return { stream, build };
}

/** Joined rows: left columns, then right columns. */
export function joined(
  fragment: HashJoinFragment,
  stream: Batch,
  build: Batch | undefined,
  streamRows: Int32Array,
  buildRows: Int32Array,
): Batch {
  const streamColumns = stream.columns.map((column) => gather(column, streamRows));
  const buildColumns = build
    ? build.columns.map((column) => gather(column, buildRows))
    : fragment.buildLayouts.map((layout) => nullColumn(layout, streamRows.length));
  const columns = fragment.buildLeft ? [...buildColumns, ...streamColumns] : [...streamColumns, ...buildColumns];
  return { numRows: streamRows.length, columns };
}

export const identity = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
export const none = (n: number): Int32Array => new Int32Array(n).fill(-1);
