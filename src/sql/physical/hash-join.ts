import { bitAt, gather, nullColumn, type Batch, type BoolColumn, type Layout } from "../../columnar/index.js";
import { BATCH_ROWS, cut } from "./blocks-scan.js";
import {
  buildTable,
  excludeNulls,
  openShared,
  type BuildRequest,
  type BuildTable,
  type SharedBuildTable,
} from "./build-table.js";
import { openExpression, type EncodedExpression, type Evaluate } from "./evaluate.js";
import { defineOperator, type Fragment } from "./fragment.js";
import { gatherBatch } from "./sample.js";

/** Join types seen from the stream side: `outer` keeps its rows without a match, `full` those of both sides. */
export type StreamJoin = "inner" | "outer" | "full" | "semi" | "anti";

/** Streams one side past a hash table of the other. */
export interface HashJoinFragment extends Fragment {
  readonly op: "hashJoin";
  readonly stream: Fragment;
  readonly streamKeys: readonly number[];
  readonly build: { readonly shared: SharedBuildTable | undefined } | { readonly fragment: Fragment };
  readonly buildKeys: BuildRequest;
  readonly joinType: StreamJoin;
  /** Condition over the joined row (left columns, then right columns) beyond the equal keys. */
  readonly residual: EncodedExpression | undefined;
  /** The build side is the left side of the join. */
  readonly buildLeft: boolean;
  readonly streamLayouts: readonly Layout[];
  readonly buildLayouts: readonly Layout[];
  readonly partition: number;
}

defineOperator<HashJoinFragment>({
  op: "hashJoin",
  async *open(fragment, context) {
    const { build, joinType, streamLayouts } = fragment;
    const built =
      "fragment" in build
        ? await buildTable(fragment.buildKeys, context.open(build.fragment))
        : build.shared && openShared(build.shared);
    const residual = fragment.residual && openExpression(fragment.residual, context.settings, fragment.partition);
    if (!built) {
      if (joinType === "inner" || joinType === "semi") return;
      for await (const batch of context.open(fragment.stream)) {
        yield joinType === "anti"
          ? batch
          : joined(fragment, batch, undefined, identity(batch.numRows), none(batch.numRows));
      }
      return;
    }
    const buildMatched = joinType === "full" ? new Uint8Array(built.batch.numRows) : undefined;
    for await (const batch of context.open(fragment.stream)) {
      context.checkCancelled();
      if (batch.numRows > 0) yield* probe(fragment, built, batch, residual, buildMatched);
    }
    if (!buildMatched) return;
    const rows: number[] = [];
    buildMatched.forEach((matched, row) => matched || rows.push(row));
    const empty: Batch = { numRows: 0, columns: streamLayouts.map((layout) => nullColumn(layout, 0)) };
    const left = joined(fragment, empty, built.batch, none(rows.length), Int32Array.from(rows));
    yield* cut(left);
  },
});

function* probe(
  fragment: HashJoinFragment,
  built: BuildTable,
  batch: Batch,
  residual: Evaluate | undefined,
  buildMatched: Uint8Array | undefined,
): Generator<Batch> {
  const { joinType } = fragment;
  const keys = fragment.streamKeys.map((i) => batch.columns[i]);
  const ids = built.table.find(keys, batch.numRows);
  excludeNulls(ids, keys, fragment.buildKeys.nullSafe);
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

function* selected(batch: Batch, keep: (row: number) => boolean): Generator<Batch> {
  const rows = new Int32Array(batch.numRows);
  let n = 0;
  for (let row = 0; row < batch.numRows; row++) if (keep(row)) rows[n++] = row;
  if (n > 0) yield gatherBatch(batch, rows.subarray(0, n));
}

/** Row numbers of both sides, pair by pair; -1 on the build side: no match. */
interface Pairs {
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
function joined(
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

const identity = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
const none = (n: number): Int32Array => new Int32Array(n).fill(-1);
