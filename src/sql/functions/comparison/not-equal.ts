import { defineFunction } from "../../expressions/index.js";
import { booleanType } from "../../types/index.js";

export const notEqual = defineFunction({
  kind: "scalar",
  names: ["!=", "<>"],
  doc: "Whether two values differ.",
  signature: (args) => ({
    args,
    type: booleanType,
    replacement: { kind: "call", name: "not", args: [{ kind: "call", name: "=", args }] },
  }),
});
