import { type Column, isNull } from "../../../columnar/index.js";
import {
  type AggregateFunction,
  checkCount,
  defineFunction,
  doublesOf,
  DoublesAccumulator,
  literalOf,
  takes,
} from "../../expressions/index.js";
import { booleanType, integerType, longType } from "../../types/index.js";

class Count extends DoublesAccumulator {
  /** Rows whose arguments are all valid count, or those that are true. */
  constructor(private readonly trueOnly: boolean) {
    super(1);
  }
  update(groupIds: Int32Array, args: readonly Column[], numRows: number): void {
    const { values } = this.slots[0];
    const nullable = args.filter((column) => column.validity !== null || column.layout === "null");
    const truth = this.trueOnly ? doublesOf(args[0]) : undefined;
    if (nullable.length === 0 && !truth) {
      for (let i = 0; i < numRows; i++) values[groupIds[i]]++;
      return;
    }
    for (let i = 0; i < numRows; i++) {
      if (!nullable.some((column) => isNull(column, i)) && (!truth || truth(i) === 1)) values[groupIds[i]]++;
    }
  }
  protected mergeGroup(group: number, [count]: readonly number[]): void {
    this.slots[0].values[group] += count;
  }
  override states(): readonly Column[] {
    return [this.slots[0].longs()];
  }
  finish(): Column {
    return this.slots[0].longs();
  }
}

export const count = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["count"],
  doc: "Number of rows, or of those whose arguments are not null.",
  signature(args, call) {
    checkCount(call, 1, Infinity);
    const counted = args.map((arg) => (arg.kind === "star" ? literalOf(1, integerType) : arg));
    return { args: counted, type: longType };
  },
  nullable: false,
  state: () => [longType],
  open: () => new Count(false),
});

export const countIf = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["count_if"],
  doc: "Number of rows for which a condition is true.",
  signature: takes([booleanType], longType),
  nullable: false,
  state: () => [longType],
  open: () => new Count(true),
});
