import {
  type AggregateFunction,
  defineFunction,
  expects,
  typeMismatch,
  typeOf,
  valueKey,
  ValuesAccumulator,
} from "../../expressions/index.js";
import { ArrayType, type DataType, MapType } from "../../types/index.js";

const listOf = (types: readonly DataType[]): ArrayType => new ArrayType(types[0], false);

export const collectList = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["collect_list", "array_agg"],
  doc: "An array of the values that are not null.",
  signature: expects(["any"], listOf),
  nullable: false,
  deterministic: false,
  state: (call) => [call.type],
  open: (call) =>
    new ValuesAccumulator<[unknown[]]>({
      types: [call.type],
      result: call.type,
      empty: () => [[]],
      update([list], [value]) {
        if (value !== null) list.push(value);
      },
      merge([list], [other]) {
        for (const value of other) list.push(value);
      },
      finish: ([list]) => list,
    }),
});

/** A set's values in the order they came, with their keys beside them. */
class DistinctValues {
  readonly values: unknown[] = [];
  private readonly keys = new Set<unknown>();
  add(value: unknown): void {
    const key = valueKey(value);
    if (this.keys.has(key)) return;
    this.keys.add(key);
    this.values.push(value);
  }
}

export const collectSet = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["collect_set"],
  doc: "An array of the distinct values that are not null.",
  signature(args, call) {
    const signed = expects(["any"], listOf)(args, call);
    if (typeOf(args[0]) instanceof MapType) {
      throw typeMismatch(call, "UNSUPPORTED_INPUT_TYPE", 'The input of `collect_set` can\'t be "MAP" type data.', {
        functionName: "`collect_set`",
        dataType: '"MAP"',
      });
    }
    return signed;
  },
  nullable: false,
  deterministic: false,
  state: (call) => [call.type],
  open(call) {
    const sets = new WeakMap<unknown[], DistinctValues>();
    const setOf = (list: unknown[]): DistinctValues => sets.get(list)!;
    return new ValuesAccumulator<[unknown[]]>({
      types: [call.type],
      result: call.type,
      empty() {
        const set = new DistinctValues();
        sets.set(set.values, set);
        return [set.values];
      },
      update([list], [value]) {
        if (value !== null) setOf(list).add(value);
      },
      merge([list], [other]) {
        for (const value of other) setOf(list).add(value);
      },
      finish: ([list]) => list,
    });
  },
});
