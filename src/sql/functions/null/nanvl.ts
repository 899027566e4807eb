import { castTo, defineFunction, takes, typeOf } from "../../expressions/index.js";
import { doubleType, FloatType, floatType } from "../../types/index.js";

export const nanvl = defineFunction({
  kind: "scalar",
  names: ["nanvl"],
  doc: "The first number, or the second where it is NaN.",
  signature(args, call) {
    const number = [doubleType, floatType];
    const cast = takes([number, number], doubleType)(args, call).args;
    const type = cast.every((arg) => typeOf(arg) instanceof FloatType) ? floatType : doubleType;
    return { args: cast.map((arg) => castTo(arg, type)), type };
  },
  nullable: (args) => args.includes(true),
  evalLazily:
    (_, [first, second]) =>
    (row) => {
      const value = first(row);
      return Number.isNaN(value) ? second(row) : value;
    },
});
