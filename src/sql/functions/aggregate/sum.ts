import { type Column, i64Column, isValid, valueAt } from "../../../columnar/index.js";
import {
  type Accumulator,
  type AggregateFunction,
  arithmeticOverflow,
  columnOf,
  decimalOverflow,
  defineFunction,
  doublesOf,
  DoublesAccumulator,
  takes,
  typeOf,
  validityOf,
} from "../../expressions/index.js";
import { DecimalType, doubleType, fitsPrecision, IntegralType, longType } from "../../types/index.js";

/** Sum of doubles; the second slot counts values, so that a sum of nothing is null. */
class DoubleSum extends DoublesAccumulator {
  constructor() {
    super(2);
  }
  update(groupIds: Int32Array, [column]: readonly Column[], numRows: number): void {
    if (column.layout === "null") return;
    const [sums, counts] = this.slots.map((slot) => slot.values);
    const read = doublesOf(column);
    const { validity } = column;
    for (let i = 0; i < numRows; i++) {
      if (validity !== null && !isValid(column, i)) continue;
      sums[groupIds[i]] += read(i);
      counts[groupIds[i]]++;
    }
  }
  protected mergeGroup(group: number, [sum, count]: readonly number[]): void {
    this.slots[0].values[group] += sum;
    this.slots[1].values[group] += count;
  }
  finish(): Column {
    const counts = this.slots[1].values;
    return this.slots[0].column(validityOf(this.size, (i) => counts[i] > 0));
  }
}

const WORD = 2 ** 32;

/** Sum of integers in two doubles, high and low word, because adding bigints row by row is some ten times slower. */
class LongSum extends DoublesAccumulator {
  constructor() {
    super(3);
  }
  update(groupIds: Int32Array, [column]: readonly Column[], numRows: number): void {
    if (column.layout === "null") return;
    const counts = this.slots[2].values;
    const add = this.adder(column);
    for (let i = 0; i < numRows; i++) {
      if (column.validity !== null && !isValid(column, i)) continue;
      add(groupIds[i], i);
      counts[groupIds[i]]++;
    }
  }
  private adder(column: Column): (group: number, i: number) => void {
    const low = this.slots[1].values;
    if (column.layout !== "i64") {
      const read = doublesOf(column);
      return (group, i) => {
        low[group] += read(i);
        if (Math.abs(low[group]) >= 2 ** 52) this.carry(group);
      };
    }
    const high = this.slots[0].values;
    const words = new Int32Array(column.values.buffer, column.values.byteOffset, 2 * column.values.length);
    return (group, i) => {
      low[group] += words[2 * i] >>> 0;
      high[group] += words[2 * i + 1];
      if (low[group] >= 2 ** 52) this.carry(group);
    };
  }
  private carry(group: number): void {
    const [high, low] = this.slots.map((slot) => slot.values);
    const words = Math.floor(low[group] / WORD);
    high[group] += words;
    low[group] -= words * WORD;
  }
  protected mergeGroup(group: number, [high, low, count]: readonly number[]): void {
    this.slots[0].values[group] += high;
    this.slots[1].values[group] += low;
    this.slots[2].values[group] += count;
    this.carry(group);
  }
  finish(): Column {
    const [high, low, counts] = this.slots.map((slot) => slot.values);
    const sums = new BigInt64Array(this.size);
    for (let i = 0; i < this.size; i++) {
      const sum = BigInt(high[i]) * 4_294_967_296n + BigInt(low[i]);
      if (BigInt.asIntN(64, sum) !== sum) throw arithmeticOverflow("long overflow", "try_sum");
      sums[i] = sum;
    }
    return i64Column(
      sums,
      validityOf(this.size, (i) => counts[i] > 0),
    );
  }
}

/** Sum of decimals, unscaled. */
export class DecimalSum implements Accumulator {
  private readonly sums: (bigint | null)[] = [];

  constructor(private readonly type: DecimalType) {}

  resize(groups: number): void {
    while (this.sums.length < groups) this.sums.push(null);
  }
  update(groupIds: Int32Array, [column]: readonly Column[], numRows: number): void {
    for (let i = 0; i < numRows; i++) {
      const value = valueAt(column, i) as bigint | null;
      if (value !== null) this.sums[groupIds[i]] = (this.sums[groupIds[i]] ?? 0n) + value;
    }
  }
  merge(groupIds: Int32Array, states: readonly Column[], numRows: number): void {
    this.update(groupIds, states, numRows);
  }
  states(): readonly Column[] {
    return [this.finish()];
  }
  finish(): Column {
    const { type } = this;
    for (const sum of this.sums) {
      if (sum !== null && !fitsPrecision(sum, type.precision)) throw decimalOverflow(sum, type.scale, type);
    }
    return columnOf(type, this.sums);
  }
}

export const sum = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["sum"],
  doc: "Sum of the values that are not null.",
  signature: takes(["numeric"], ([type]) => {
    if (type instanceof DecimalType) return new DecimalType(Math.min(38, type.precision + 10), type.scale);
    return type instanceof IntegralType ? longType : doubleType;
  }),
  state(call) {
    if (call.type instanceof DecimalType) return [call.type];
    return typeOf(call.args[0]) instanceof IntegralType
      ? [doubleType, doubleType, doubleType]
      : [doubleType, doubleType];
  },
  open(call) {
    if (call.type instanceof DecimalType) return new DecimalSum(call.type);
    return typeOf(call.args[0]) instanceof IntegralType ? new LongSum() : new DoubleSum();
  },
});
