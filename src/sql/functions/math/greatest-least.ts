import { defineFunction, sameTypes, type ScalarFunction, valueOrder } from "../../expressions/index.js";

const extreme = (name: string, doc: string, sign: 1 | -1): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: sameTypes({ least: 2, ordered: true, promoteStrings: false }),
    nullable: (args) => !args.includes(false),
    eval(call) {
      const order = valueOrder(call.type);
      return (...values: unknown[]) => {
        let best: unknown = null;
        for (const value of values) {
          if (value !== null && (best === null || sign * order(value, best) > 0)) best = value;
        }
        return best;
      };
    },
  });

export const greatest = extreme("greatest", "The largest of the values that are not null.", 1);
export const least = extreme("least", "The smallest of the values that are not null.", -1);
