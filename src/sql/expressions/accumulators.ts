import { bitAt, boolColumn, type Column, columnBuilder, f64Column, i64Column } from "../../columnar/index.js";
import { type DataType, layoutOf } from "../types/index.js";
import type { Accumulator } from "./descriptor.js";

/** A growing array of doubles, one a group. */
export class GroupDoubles {
  values = new Float64Array(16);
  size = 0;

  resize(groups: number): void {
    this.values = grown(this.values, groups);
    this.size = Math.max(this.size, groups);
  }
  column(validity: Uint8Array | null = null): Column {
    return f64Column(this.values.slice(0, this.size), validity);
  }
  /** Whole numbers below 2^53 as a long column. */
  longs(): Column {
    return i64Column(BigInt64Array.from(this.values.subarray(0, this.size), BigInt));
  }
  flags(): Column {
    return boolColumn(
      bitmap(this.size, (i) => this.values[i] !== 0),
      this.size,
    );
  }
}

function grown(array: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const larger = new Float64Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}

export function bitmap(length: number, test: (i: number) => boolean): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  for (let i = 0; i < length; i++) if (test(i)) bits[i >> 3] |= 1 << (i & 7);
  return bits;
}

/** Validity of rows for which `test` holds; null when it holds for all. */
export function validityOf(length: number, test: (i: number) => boolean): Uint8Array | null {
  for (let i = 0; i < length; i++) if (!test(i)) return bitmap(length, test);
  return null;
}

/** A function that reads a number column's values as doubles (also nulls, whatever they hold). */
export function doublesOf(column: Column): (i: number) => number {
  switch (column.layout) {
    case "i64": {
      const { values } = column;
      return (i) => Number(values[i]);
    }
    case "i8":
    case "i16":
    case "i32":
    case "f32":
    case "f64": {
      const { values } = column;
      return (i) => values[i];
    }
    case "bool": {
      const { values } = column;
      return (i) => (bitAt(values, i) ? 1 : 0);
    }
    default:
      throw new Error(`no numbers in a column of layout ${JSON.stringify(column.layout)}`);
  }
}

/** A column of internal values of the type. */
export function columnOf(type: DataType, values: readonly unknown[]): Column {
  const builder = columnBuilder(layoutOf(type), values.length);
  for (const value of values) builder.append(value);
  return builder.finish();
}

/** Accumulator whose state of one group is a few doubles, none of them null: moments, sums and counts. */
export abstract class DoublesAccumulator implements Accumulator {
  protected readonly slots: readonly GroupDoubles[];

  constructor(slots: number) {
    this.slots = Array.from({ length: slots }, () => new GroupDoubles());
  }
  protected get size(): number {
    return this.slots[0].size;
  }
  resize(groups: number): void {
    for (const slot of this.slots) slot.resize(groups);
  }
  abstract update(groupIds: Int32Array, args: readonly Column[], numRows: number): void;
  protected abstract mergeGroup(group: number, other: readonly number[]): void;
  merge(groupIds: Int32Array, states: readonly Column[], numRows: number): void {
    const readers = states.map(doublesOf);
    const other = new Array<number>(readers.length);
    for (let i = 0; i < numRows; i++) {
      for (let k = 0; k < readers.length; k++) other[k] = readers[k](i);
      this.mergeGroup(groupIds[i], other);
    }
  }
  states(): readonly Column[] {
    return this.slots.map((slot) => slot.column());
  }
  abstract finish(): Column;
}
