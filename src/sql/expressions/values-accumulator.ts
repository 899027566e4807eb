import type { Column } from "../../columnar/index.js";
import type { DataType } from "../types/index.js";
import { columnOf } from "./accumulators.js";
import { columnReader } from "./column-reader.js";
import type { Accumulator } from "./descriptor.js";

/** How one group's state, some internal values, takes in a row and another state. */
export interface ValuesRule<S extends unknown[]> {
  readonly types: readonly DataType[];
  readonly result: DataType;
  empty(): S;
  update(state: S, args: readonly unknown[]): void;
  /** Default: as `update`. */
  merge?(state: S, other: S): void;
  /** What travels of a state; default: the state itself. */
  state?(state: S): readonly unknown[];
  finish(state: S): unknown;
}

/** Accumulator for states of any type, kept as JavaScript values. */
export class ValuesAccumulator<S extends unknown[]> implements Accumulator {
  private readonly groups: S[] = [];

  constructor(private readonly rule: ValuesRule<S>) {}

  resize(groups: number): void {
    while (this.groups.length < groups) this.groups.push(this.rule.empty());
  }
  update(groupIds: Int32Array, args: readonly Column[], numRows: number): void {
    this.each(groupIds, args, numRows, (state, values) => this.rule.update(state, values));
  }
  merge(groupIds: Int32Array, states: readonly Column[], numRows: number): void {
    const { rule } = this;
    this.each(groupIds, states, numRows, (state, values) =>
      rule.merge ? rule.merge(state, [...values] as S) : rule.update(state, values),
    );
  }
  private each(
    ids: Int32Array,
    columns: readonly Column[],
    numRows: number,
    fn: (state: S, values: unknown[]) => void,
  ): void {
    const readers = columns.map(columnReader);
    const values = new Array<unknown>(readers.length);
    for (let i = 0; i < numRows; i++) {
      for (let k = 0; k < readers.length; k++) values[k] = readers[k](i);
      fn(this.groups[ids[i]], values);
    }
  }
  states(): readonly Column[] {
    const { types, state } = this.rule;
    const rows = state ? this.groups.map(state) : this.groups;
    return types.map((type, k) =>
      columnOf(
        type,
        rows.map((row) => row[k]),
      ),
    );
  }
  finish(): Column {
    return columnOf(
      this.rule.result,
      this.groups.map((state) => this.rule.finish(state)),
    );
  }
}
