import { type AggregateFunction, defineFunction, takes, ValuesAccumulator } from "../../expressions/index.js";
import { booleanType } from "../../types/index.js";

const positional = (names: readonly [string, ...string[]], doc: string, last: boolean): AggregateFunction =>
  defineFunction<AggregateFunction>({
    kind: "aggregate",
    names,
    doc,
    signature: takes(["any", booleanType], (types) => types[0], { optional: 1 }),
    deterministic: false,
    state: (call) => [call.type, booleanType],
    open(call) {
      const flag = call.args[1];
      const ignoreNulls = flag?.kind === "literal" && flag.value === true;
      return new ValuesAccumulator<[unknown, boolean]>({
        types: [call.type, booleanType],
        result: call.type,
        empty: () => [null, false],
        update(state, [value]) {
          if ((ignoreNulls && value === null) || (state[1] && !last)) return;
          state[0] = value;
          state[1] = true;
        },
        merge(state, [value, set]) {
          if (!set || (state[1] && !last)) return;
          state[0] = value;
          state[1] = true;
        },
        finish: ([value]) => value,
      });
    },
  });

export const first = positional(
  ["first", "first_value", "any_value"],
  "The first value (the first not null, if asked).",
  false,
);
export const last = positional(["last", "last_value"], "The last value (the last not null, if asked).", true);
