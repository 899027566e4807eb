import { concat, gather, i32Column, type Batch, type Column } from "../../columnar/index.js";
import {
  decodeExpression,
  functionOf,
  type Accumulator,
  type AggregateFunction,
  type EvalContext,
  type ResolvedCall,
} from "../expressions/index.js";
import { cut } from "./blocks-scan.js";
import { evalContext } from "./evaluate.js";
import { defineOperator, type Fragment } from "./fragment.js";
import { KeyTable } from "./key-table.js";

/** One aggregate call: which input columns are its arguments, or its states when partial results are merged. */
export interface AggregateCall {
  /** Encoded resolved call. */
  readonly call: unknown;
  readonly inputs: readonly number[];
  readonly distinct: boolean;
}

/**
 * Groups rows by key columns. `partial` gives keys and states, `final` merges those, `complete` does both at once.
 * Without keys there is one group, even of no rows.
 */
export interface HashAggregateFragment extends Fragment {
  readonly op: "hashAggregate";
  readonly input: Fragment;
  readonly mode: "partial" | "final" | "complete";
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly partition: number;
}

/** Groups above which a partial aggregation that hardly reduces its input gives its results away and starts afresh. */
const FLUSH_GROUPS = 65_536;

defineOperator<HashAggregateFragment>({
  op: "hashAggregate",
  async *open(fragment, context) {
    const { input, mode, keys, calls, partition } = fragment;
    const evaluation = evalContext(context.settings, partition);
    let groups = new Groups(fragment, evaluation);
    for await (const batch of context.open(input)) {
      context.checkCancelled();
      if (batch.numRows === 0) continue;
      groups.add(batch);
      // Small tables stay in the processor's caches; what is equal in two of them is merged behind the shuffle.
      const flushes = mode === "partial" && groups.count > FLUSH_GROUPS && groups.count > groups.rows / 2;
      if (!flushes || calls.some((call) => call.distinct)) continue;
      yield* cut(groups.finish());
      groups = new Groups(fragment, evaluation);
    }
    if (groups.count > 0 || keys.length === 0) yield* cut(groups.finish());
  },
});

/** The groups of a task so far: their keys and the accumulators of every call. */
class Groups {
  rows = 0;
  private table: KeyTable | undefined;
  private readonly keyParts: readonly Column[][];
  private readonly aggregates: readonly OpenAggregate[];

  constructor(
    private readonly fragment: HashAggregateFragment,
    context: EvalContext,
  ) {
    this.keyParts = fragment.keys.map(() => []);
    this.aggregates = fragment.calls.map((call) => openAggregate(call, context));
  }

  get count(): number {
    return this.table?.count ?? 0;
  }

  add(batch: Batch): void {
    const { keys, mode } = this.fragment;
    const columns = keys.map((i) => batch.columns[i]);
    const table = (this.table ??= new KeyTable(columns.map((column) => column.layout)));
    const known = table.count;
    const ids = table.add(columns, batch.numRows);
    this.rows += batch.numRows;
    if (keys.length > 0 && table.count > known) {
      const firsts = firstRows(ids, known, table.count);
      columns.forEach((column, k) => this.keyParts[k].push(gather(column, firsts)));
    }
    for (const aggregate of this.aggregates) aggregate.add(ids, batch, table.count, mode === "final");
  }

  /** Keys and states, or keys and results; one group without keys even where there was no row. */
  finish(): Batch {
    const { keys, mode } = this.fragment;
    if (keys.length === 0) for (const { accumulator } of this.aggregates) accumulator.resize(1);
    const results = this.aggregates.flatMap(({ accumulator }) =>
      mode === "partial" ? accumulator.states() : [accumulator.finish()],
    );
    return { numRows: keys.length === 0 ? 1 : this.count, columns: [...this.keyParts.map(concat), ...results] };
  }
}

/** Rows where the groups `known .. count - 1` appear first. */
function firstRows(ids: Int32Array, known: number, count: number): Int32Array {
  const rows = new Int32Array(count - known);
  let next = known;
  for (let row = 0; next < count; row++) if (ids[row] === next) rows[next++ - known] = row;
  return rows;
}

interface OpenAggregate {
  readonly accumulator: Accumulator;
  add(ids: Int32Array, batch: Batch, groups: number, merge: boolean): void;
}

function openAggregate({ call, inputs, distinct }: AggregateCall, context: EvalContext): OpenAggregate {
  const resolved = decodeExpression<ResolvedCall>(call);
  const accumulator = (functionOf(resolved.name) as AggregateFunction).open(resolved, context);
  let seen: KeyTable | undefined;
  return {
    accumulator,
    add(ids, batch, groups, merge) {
      accumulator.resize(groups);
      const columns = inputs.map((i) => batch.columns[i]);
      if (merge) return accumulator.merge(ids, columns, batch.numRows);
      if (!distinct) return accumulator.update(ids, columns, batch.numRows);
      seen ??= new KeyTable(["i32", ...columns.map((column) => column.layout)]);
      const known = seen.count;
      const values = seen.add([i32Column(ids), ...columns], batch.numRows);
      if (seen.count === known) return;
      const firsts = firstRows(values, known, seen.count);
      accumulator.update(
        firsts.map((row) => ids[row]),
        columns.map((column) => gather(column, firsts)),
        firsts.length,
      );
    },
  };
}
