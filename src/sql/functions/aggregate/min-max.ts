import {
  type AggregateFunction,
  defineFunction,
  expects,
  isOrderable,
  notOrderable,
  type Signature,
  typeOf,
  ValuesAccumulator,
  valueOrder,
} from "../../expressions/index.js";
import { isFixed } from "../../../columnar/index.js";
import { layoutOf } from "../../types/index.js";
import { NumberExtreme } from "./number-extreme.js";

const orderable =
  (index: number, count: number): Signature =>
  (args, call) => {
    const signed = expects(
      Array.from({ length: count }, () => "any" as const),
      (types) => types[0],
    )(args, call);
    const type = typeOf(args[index]);
    if (!isOrderable(type)) throw notOrderable(call, type);
    return signed;
  };

const extreme = (name: string, doc: string, sign: 1 | -1): AggregateFunction =>
  defineFunction<AggregateFunction>({
    kind: "aggregate",
    names: [name],
    doc,
    signature: orderable(0, 1),
    state: (call) => [call.type],
    open(call) {
      const layout = layoutOf(call.type);
      if (isFixed(layout) && layout !== "i128") return new NumberExtreme(layout, sign);
      const order = valueOrder(call.type);
      return new ValuesAccumulator<[unknown]>({
        types: [call.type],
        result: call.type,
        empty: () => [null],
        update(state, [value]) {
          if (value !== null && (state[0] === null || sign * order(value, state[0]) > 0)) state[0] = value;
        },
        finish: ([best]) => best,
      });
    },
  });

export const max = extreme("max", "The largest value.", 1);
export const min = extreme("min", "The smallest value.", -1);

const extremeBy = (name: string, doc: string, sign: 1 | -1): AggregateFunction =>
  defineFunction<AggregateFunction>({
    kind: "aggregate",
    names: [name],
    doc,
    signature: orderable(1, 2),
    state: (call) => [call.type, typeOf(call.args[1])],
    open(call) {
      const by = typeOf(call.args[1]);
      const order = valueOrder(by);
      return new ValuesAccumulator<[unknown, unknown]>({
        types: [call.type, by],
        result: call.type,
        empty: () => [null, null],
        update(state, [value, key]) {
          if (key === null || (state[1] !== null && sign * order(key, state[1]) < 0)) return;
          state[0] = value;
          state[1] = key;
        },
        finish: ([value]) => value,
      });
    },
  });

export const maxBy = extremeBy("max_by", "The first argument of the row where the second is largest.", 1);
export const minBy = extremeBy("min_by", "The first argument of the row where the second is smallest.", -1);
