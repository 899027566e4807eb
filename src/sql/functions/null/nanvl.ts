import { binary, defineFunction } from "../../expressions/index.js";
import { doubleType, floatType } from "../../types/index.js";

export const nanvl = defineFunction({
  kind: "scalar",
  names: ["nanvl"],
  doc: "The first number, or the second where it is NaN.",
  signature: (args, call) => {
    const signed = binary([doubleType, floatType], (types) => types[0]);
    return signed(args, call);
  },
  nullable: (args) => args.includes(true),
  evalLazily: (_, [first, second]) => (row) => {
    const value = first(row);
    return Number.isNaN(value) ? second(row) : value;
  },
});
