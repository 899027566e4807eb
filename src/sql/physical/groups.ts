import { concat, gather, i32Column, isFixed, widthOf, type Batch, type Column } from "../../columnar/index.js";
import {
  decodeExpression,
  functionOf,
  type Accumulator,
  type AggregateFunction,
  type EvalContext,
  type ResolvedCall,
} from "../expressions/index.js";
import { layoutOf } from "../types/index.js";
import { DistinctRows } from "./distinct-rows.js";
import { firstRows } from "./first-rows.js";
import type { AggregateCall } from "./hash-aggregate.js";
import { KeyTable } from "./key-table.js";
import { batchBytes } from "./pieces.js";

/** The groups of a task so far: their keys and the accumulators of every call. */
export class Groups {
  rows = 0;
  private table: KeyTable | undefined;
  private readonly keyParts: Column[][];
  private keyBytes = 0;
  private readonly aggregates: readonly OpenAggregate[];

  constructor(
    private readonly keys: readonly number[],
    calls: readonly AggregateCall[],
    context: EvalContext,
  ) {
    this.keyParts = keys.map(() => []);
    this.aggregates = calls.map((call) => new OpenAggregate(call, context));
  }

  get count(): number {
    return this.table?.count ?? 0;
  }

  /** Memory in use, about: tables are copied when they grow, keys and results when they are given away. */
  get bytes(): number {
    const tables = 1.5 * (this.table?.bytes ?? 0) + 2 * this.keyBytes;
    return this.aggregates.reduce((n, aggregate) => n + aggregate.bytes(this.count), tables);
  }

  /** Adds rows; with `merge` the calls' inputs are states. */
  add(batch: Batch, merge: boolean): void {
    const ids = this.idsOf(
      this.keys.map((i) => batch.columns[i]),
      batch.numRows,
    );
    for (const aggregate of this.aggregates) aggregate.add(ids, batch, this.count, merge);
  }

  /** Adds what {@link states} gave: the keys, then the states of every call that is not distinct. */
  addStates(batch: Batch): void {
    const width = this.keys.length;
    const ids = this.idsOf(batch.columns.slice(0, width), batch.numRows);
    let at = width;
    for (const aggregate of this.aggregates) {
      const end = at + aggregate.stateWidth;
      aggregate.addStates(ids, batch.columns.slice(at, end), batch.numRows, this.count);
      at = end;
    }
  }

  /** Adds what {@link distinct} gave for a call: keys, then arguments. */
  addDistinct(call: number, batch: Batch): void {
    const width = this.keys.length;
    const ids = this.idsOf(batch.columns.slice(0, width), batch.numRows);
    for (const aggregate of this.aggregates) aggregate.accumulator.resize(this.count);
    this.aggregates[call].addRows(ids, batch.columns.slice(width), batch.numRows);
  }

  states(): Batch {
    const states = this.aggregates.flatMap((aggregate) => (aggregate.rows ? [] : aggregate.accumulator.states()));
    return { numRows: this.count, columns: [...this.keyColumns(), ...states] };
  }

  /** Distinct arguments of a call with the keys of their groups; undefined for a call that is not distinct. */
  distinct(call: number): Batch | undefined {
    const rows = this.aggregates[call].rows?.all();
    if (!rows || rows.ids.length === 0) return undefined;
    const keys = this.keyColumns().map((key) => gather(key, rows.ids));
    return { numRows: rows.ids.length, columns: [...keys, ...rows.columns] };
  }

  /** Keys and states, or keys and results; one group without keys even where there was no row. */
  finish(partial: boolean): Batch {
    const single = this.keys.length === 0;
    if (single) for (const { accumulator } of this.aggregates) accumulator.resize(1);
    const results = this.aggregates.flatMap(({ accumulator }) =>
      partial ? accumulator.states() : [accumulator.finish()],
    );
    return { numRows: single ? 1 : this.count, columns: [...this.keyColumns(), ...results] };
  }

  private idsOf(columns: readonly Column[], numRows: number): Int32Array {
    const table = (this.table ??= new KeyTable(columns.map((column) => column.layout)));
    const known = table.count;
    const ids = table.add(columns, numRows);
    this.rows += numRows;
    if (columns.length > 0 && table.count > known) {
      const firsts = firstRows(ids, known, table.count);
      const fresh = columns.map((column) => gather(column, firsts));
      fresh.forEach((column, k) => this.keyParts[k].push(column));
      this.keyBytes += batchBytes({ numRows: firsts.length, columns: fresh });
    }
    return ids;
  }

  private keyColumns(): Column[] {
    this.keyParts.forEach((parts, k) => {
      if (parts.length > 1) this.keyParts[k] = [concat(parts)];
    });
    return this.keyParts.map(([column]) => column);
  }
}

class OpenAggregate {
  readonly accumulator: Accumulator;
  /** What a distinct call has seen. */
  readonly rows: DistinctRows | undefined;
  /** State columns outside `rows`. */
  readonly stateWidth: number;
  private readonly groupBytes: number;
  private readonly grows: boolean;
  private added = 0;

  constructor(
    private readonly call: AggregateCall,
    context: EvalContext,
  ) {
    const resolved = decodeExpression<ResolvedCall>(call.call);
    const description = functionOf(resolved.name) as AggregateFunction;
    this.accumulator = description.open(resolved, context);
    this.rows = call.distinct ? new DistinctRows() : undefined;
    const layouts = description.state(resolved).map(layoutOf);
    this.stateWidth = call.distinct ? 0 : layouts.length;
    this.groupBytes = layouts.reduce((n, layout) => n + (isFixed(layout) ? 2 * widthOf[layout] : 32), 8);
    this.grows = layouts.some((layout) => !isFixed(layout) && layout !== "bool" && layout !== "null");
  }

  /** Memory in use, about; states without a fixed width are taken to hold all that was added. */
  bytes(groups: number): number {
    return groups * this.groupBytes + (this.grows ? 2 * this.added : 0) + (this.rows?.bytes ?? 0);
  }

  add(ids: Int32Array, batch: Batch, groups: number, merge: boolean): void {
    this.accumulator.resize(groups);
    const columns = this.call.inputs.map((i) => batch.columns[i]);
    if (merge) this.merge(ids, columns, batch.numRows);
    else if (this.rows) this.addRows(ids, columns, batch.numRows);
    else {
      this.count(columns, batch.numRows);
      this.accumulator.update(ids, columns, batch.numRows);
    }
  }

  addStates(ids: Int32Array, columns: readonly Column[], numRows: number, groups: number): void {
    this.accumulator.resize(groups);
    if (!this.rows) this.merge(ids, columns, numRows);
  }

  addRows(ids: Int32Array, columns: readonly Column[], numRows: number): void {
    const fresh = this.rows?.add(i32Column(ids), columns, numRows);
    if (!fresh || fresh.ids.length === 0) return;
    this.count(fresh.columns, fresh.ids.length);
    this.accumulator.update(fresh.ids, fresh.columns, fresh.ids.length);
  }

  private merge(ids: Int32Array, columns: readonly Column[], numRows: number): void {
    this.count(columns, numRows);
    this.accumulator.merge(ids, columns, numRows);
  }

  private count(columns: readonly Column[], numRows: number): void {
    if (this.grows) this.added += batchBytes({ numRows, columns });
  }
}
