import { type Column, isValid } from "../../../columnar/index.js";
import { type Accumulator, bitmap } from "../../expressions/index.js";

type Values = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array | BigInt64Array;
export type NumberLayout = "i8" | "i16" | "i32" | "f32" | "f64" | "i64";

const arrays = {
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
  i64: BigInt64Array,
} as const;

/** Largest (`sign` 1) or smallest (-1) number of each group, over typed arrays; NaN is above all. */
export class NumberExtreme implements Accumulator {
  private values: Values;
  private seen = new Uint8Array(16);
  private size = 0;

  constructor(
    private readonly layout: NumberLayout,
    private readonly sign: 1 | -1,
  ) {
    this.values = new arrays[layout](16);
  }

  resize(groups: number): void {
    this.size = Math.max(this.size, groups);
    if (groups <= this.seen.length) return;
    const capacity = Math.max(groups, 2 * this.seen.length);
    const values = new arrays[this.layout](capacity);
    values.set(this.values as never);
    this.values = values;
    const seen = new Uint8Array(capacity);
    seen.set(this.seen);
    this.seen = seen;
  }

  update(groupIds: Int32Array, [column]: readonly Column[], numRows: number): void {
    if (column.layout === "null") return;
    const source = (column as { values: Float64Array }).values;
    const best = this.values as Float64Array;
    const { seen, sign } = this;
    const { validity } = column;
    for (let i = 0; i < numRows; i++) {
      if (validity !== null && !isValid(column, i)) continue;
      const g = groupIds[i];
      const value = source[i];
      if (seen[g] === 0) {
        seen[g] = 1;
        best[g] = value;
      } else if (sign === 1) {
        if (value > best[g] || (value !== value && best[g] === best[g])) best[g] = value;
      } else if (value < best[g] || (best[g] !== best[g] && value === value)) best[g] = value;
    }
  }
  merge(groupIds: Int32Array, states: readonly Column[], numRows: number): void {
    this.update(groupIds, states, numRows);
  }
  states(): readonly Column[] {
    return [this.finish()];
  }
  finish(): Column {
    const { layout, seen, size } = this;
    const complete = !seen.subarray(0, size).includes(0);
    return {
      layout,
      length: size,
      validity: complete ? null : bitmap(size, (g) => seen[g] === 1),
      values: this.values.slice(0, size),
    } as Column;
  }
}
