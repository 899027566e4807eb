import { defineFunction, takes, typeOf } from "../../expressions/index.js";
import { integerType, NullType } from "../../types/index.js";

export const size = defineFunction({
  kind: "scalar",
  names: ["size", "cardinality"],
  doc: "Number of elements of an array or entries of a map.",
  signature(args, call) {
    if (args.length === 1 && typeOf(args[0]) instanceof NullType) return { args, type: integerType };
    return takes([["array", "map"]], integerType)(args, call);
  },
  eval: () => (values: readonly unknown[]) => values.length,
});
