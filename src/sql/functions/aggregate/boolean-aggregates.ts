import { type AggregateFunction, defineFunction, takes, typeOf, ValuesAccumulator } from "../../expressions/index.js";
import { booleanType, type DataType } from "../../types/index.js";

type Combine = (a: never, b: never) => unknown;

const folding = (
  names: readonly [string, ...string[]],
  doc: string,
  expected: DataType | "integral",
  combine: Combine,
): AggregateFunction =>
  defineFunction<AggregateFunction>({
    kind: "aggregate",
    names,
    doc,
    signature: takes([expected], (types) => types[0]),
    state: (call) => [call.type],
    open(call) {
      const type = typeOf(call);
      return new ValuesAccumulator<[unknown]>({
        types: [type],
        result: type,
        empty: () => [null],
        update(state, [value]) {
          if (value !== null) state[0] = state[0] === null ? value : combine(state[0] as never, value as never);
        },
        finish: ([value]) => value,
      });
    },
  });

export const boolAnd = folding(
  ["bool_and", "every"],
  "Whether all values are true.",
  booleanType,
  (a: boolean, b: boolean) => a && b,
);
export const boolOr = folding(
  ["bool_or", "some", "any"],
  "Whether a value is true.",
  booleanType,
  (a: boolean, b: boolean) => a || b,
);
export const bitAnd = folding(["bit_and"], "Bits set in all values.", "integral", (a: number, b: number) => a & b);
export const bitOr = folding(["bit_or"], "Bits set in a value.", "integral", (a: number, b: number) => a | b);
export const bitXor = folding(
  ["bit_xor"],
  "Bits set in an odd number of values.",
  "integral",
  (a: number, b: number) => a ^ b,
);
