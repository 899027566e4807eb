import { checkCount, defineFunction, type Expression } from "../../expressions/index.js";
import { booleanType } from "../../types/index.js";

const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, args });

export const between = defineFunction({
  kind: "scalar",
  names: ["between"],
  doc: "Whether a value lies between two bounds, both included.",
  signature(args, node) {
    checkCount(node, 3, 3);
    const [value, low, high] = args;
    return { args, type: booleanType, replacement: call("and", call(">=", value, low), call("<=", value, high)) };
  },
});
