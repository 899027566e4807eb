import { type Column, isValid } from "../../../columnar/index.js";
import {
  type Accumulator,
  type AggregateFunction,
  columnOf,
  columnReader,
  decimalOverflow,
  defineFunction,
  doublesOf,
  DoublesAccumulator,
  GroupDoubles,
  takes,
  typeOf,
  validityOf,
} from "../../expressions/index.js";
import { DecimalType, divideHalfUp, doubleType, fitsPrecision, longType, powerOfTen } from "../../types/index.js";
import { DecimalSum } from "./sum.js";

class DoubleAverage extends DoublesAccumulator {
  constructor() {
    super(2);
  }
  update(groupIds: Int32Array, [column]: readonly Column[], numRows: number): void {
    if (column.layout === "null") return;
    const [sums, counts] = this.slots.map((slot) => slot.values);
    const read = doublesOf(column);
    for (let i = 0; i < numRows; i++) {
      if (column.validity !== null && !isValid(column, i)) continue;
      sums[groupIds[i]] += read(i);
      counts[groupIds[i]]++;
    }
  }
  protected mergeGroup(group: number, [sum, count]: readonly number[]): void {
    this.slots[0].values[group] += sum;
    this.slots[1].values[group] += count;
  }
  override states(): readonly Column[] {
    return [this.slots[0].column(), this.slots[1].longs()];
  }
  finish(): Column {
    const [sums, counts] = this.slots.map((slot) => slot.values);
    const means = new GroupDoubles();
    means.resize(this.size);
    for (let i = 0; i < this.size; i++) means.values[i] = sums[i] / counts[i];
    return means.column(validityOf(this.size, (i) => counts[i] > 0));
  }
}

class DecimalAverage implements Accumulator {
  private readonly sum: DecimalSum;
  private readonly counts = new GroupDoubles();

  constructor(
    private readonly sumType: DecimalType,
    private readonly type: DecimalType,
  ) {
    this.sum = new DecimalSum(sumType);
  }
  resize(groups: number): void {
    this.sum.resize(groups);
    this.counts.resize(groups);
  }
  update(groupIds: Int32Array, args: readonly Column[], numRows: number): void {
    this.sum.update(groupIds, args, numRows);
    for (let i = 0; i < numRows; i++) if (isValid(args[0], i)) this.counts.values[groupIds[i]]++;
  }
  merge(groupIds: Int32Array, [sums, counts]: readonly Column[], numRows: number): void {
    this.sum.merge(groupIds, [sums], numRows);
    const read = doublesOf(counts);
    for (let i = 0; i < numRows; i++) this.counts.values[groupIds[i]] += read(i);
  }
  states(): readonly Column[] {
    return [...this.sum.states(), this.counts.longs()];
  }
  finish(): Column {
    const { type } = this;
    const read = columnReader(this.sum.finish());
    const factor = powerOfTen(type.scale - this.sumType.scale);
    const means = Array.from({ length: this.counts.size }, (_, i) => {
      const sum = read(i) as bigint | null;
      if (sum === null) return null;
      const mean = divideHalfUp(sum * factor, BigInt(this.counts.values[i]));
      if (!fitsPrecision(mean, type.precision)) throw decimalOverflow(mean, type.scale, type);
      return mean;
    });
    return columnOf(type, means);
  }
}

const sumTypeOf = (type: DecimalType): DecimalType => new DecimalType(Math.min(38, type.precision + 10), type.scale);

export const average = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["avg", "mean"],
  doc: "Mean of the values that are not null.",
  signature: takes(["numeric"], ([type]) =>
    type instanceof DecimalType
      ? new DecimalType(Math.min(38, type.precision + 4), Math.min(38, type.scale + 4))
      : doubleType,
  ),
  state(call) {
    const type = typeOf(call.args[0]);
    return [type instanceof DecimalType ? sumTypeOf(type) : doubleType, longType];
  },
  open(call) {
    const type = typeOf(call.args[0]);
    if (!(type instanceof DecimalType)) return new DoubleAverage();
    return new DecimalAverage(sumTypeOf(type), call.type as DecimalType);
  },
});
