import { castTo, commonOf, defineFunction, isNullable } from "../../expressions/index.js";
import { ArrayType } from "../../types/index.js";

export const array = defineFunction({
  kind: "scalar",
  names: ["array"],
  doc: "An array of the arguments.",
  signature(args, call) {
    const element = commonOf(args, call);
    const cast = args.map((arg) => castTo(arg, element));
    return { args: cast, type: new ArrayType(element, cast.some(isNullable)) };
  },
  nullable: "never",
  eval:
    () =>
    (...values: unknown[]) =>
      values,
});
