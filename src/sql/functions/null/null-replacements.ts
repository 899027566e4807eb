import {
  checkCount,
  defineFunction,
  type Expression,
  literalOf,
  type ScalarFunction,
  typeOf,
} from "../../expressions/index.js";
import { integerType, nullType } from "../../types/index.js";

const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, args });

const replaced = (
  names: readonly [string, ...string[]],
  doc: string,
  count: number,
  replacement: (...args: Expression[]) => Expression,
): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names,
    doc,
    signature(args, node) {
      checkCount(node, count, count);
      return { args, type: typeOf(args[0]), replacement: replacement(...args) };
    },
  });

export const ifNull = replaced(["ifnull", "nvl"], "The first value, or the second where it is null.", 2, (a, b) =>
  call("coalesce", a, b),
);
export const nvl2 = replaced(["nvl2"], "The second value where the first is not null, else the third.", 3, (a, b, c) =>
  call("if", call("isnotnull", a), b, c),
);
export const nullIf = replaced(["nullif"], "Null where both values are equal, else the first.", 2, (a, b) =>
  call("if", call("=", a, b), literalOf(null, nullType), a),
);
export const zeroIfNull = replaced(["zeroifnull"], "The number, or 0 where it is null.", 1, (a) =>
  call("coalesce", a, literalOf(0, integerType)),
);
export const nullIfZero = replaced(["nullifzero"], "The number, or null where it is 0.", 1, (a) =>
  call("if", call("=", a, literalOf(0, integerType)), literalOf(null, nullType), a),
);
