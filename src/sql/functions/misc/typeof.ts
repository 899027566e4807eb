import { checkCount, defineFunction, typeOf } from "../../expressions/index.js";
import { stringType } from "../../types/index.js";

export const typeofFunction = defineFunction({
  kind: "scalar",
  names: ["typeof"],
  doc: "The name of a value's type.",
  signature(args, call) {
    checkCount(call, 1, 1);
    return { args, type: stringType };
  },
  nullable: "never",
  eval(call) {
    const name = typeOf(call.args[0]).simpleString();
    return () => name;
  },
});
