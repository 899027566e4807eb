import { concat, gather, i32Column, type Batch, type Column } from "../../columnar/index.js";
import {
  decodeExpression,
  functionOf,
  type Accumulator,
  type AggregateFunction,
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

defineOperator<HashAggregateFragment>({
  op: "hashAggregate",
  async *open({ input, mode, keys, calls, partition }, context) {
    const aggregates = calls.map((call) => openAggregate(call, evalContext(context.settings, partition)));
    let table: KeyTable | undefined;
    const keyParts: Column[][] = keys.map(() => []);
    for await (const batch of context.open(input)) {
      context.checkCancelled();
      if (batch.numRows === 0) continue;
      const columns = keys.map((i) => batch.columns[i]);
      table ??= new KeyTable(columns.map((column) => column.layout));
      const known = table.count;
      const ids = table.add(columns, batch.numRows);
      if (keys.length > 0 && table.count > known) {
        const firsts = firstRows(ids, known, table.count);
        columns.forEach((column, k) => keyParts[k].push(gather(column, firsts)));
      }
      for (const aggregate of aggregates) aggregate.add(ids, batch, table.count, mode === "final");
    }
    let groups = table?.count ?? 0;
    if (keys.length === 0) {
      groups = 1;
      for (const { accumulator } of aggregates) accumulator.resize(1);
    }
    if (groups === 0) return;
    const results = aggregates.flatMap(({ accumulator }) =>
      mode === "partial" ? accumulator.states() : [accumulator.finish()],
    );
    yield* cut({ numRows: groups, columns: [...keyParts.map(concat), ...results] });
  },
});

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

function openAggregate(
  { call, inputs, distinct }: AggregateCall,
  context: ReturnType<typeof evalContext>,
): OpenAggregate {
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
