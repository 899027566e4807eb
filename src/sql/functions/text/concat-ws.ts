import {
  accepts,
  checkCount,
  defineFunction,
  type Expected,
  implicitCast,
  isNullable,
  typeOf,
} from "../../expressions/index.js";
import { ArrayType, stringType } from "../../types/index.js";

const texts: Expected = [stringType, new ArrayType(stringType)];

export const concatWs = defineFunction({
  kind: "scalar",
  names: ["concat_ws"],
  doc: "Texts and arrays of texts joined by the first argument; nulls are left out.",
  signature(args, call) {
    checkCount(call, 1, Infinity);
    const cast = args.map((arg, i) =>
      i > 0 && accepts(texts, typeOf(arg)) ? arg : implicitCast(arg, i === 0 ? stringType : texts, call, i),
    );
    return { args: cast, type: stringType, nullable: isNullable(cast[0]) };
  },
  nullable: (args) => args[0],
  eval:
    () =>
    (separator: string | null, ...parts: (string | null | (string | null)[])[]) =>
      separator === null
        ? null
        : parts
            .flat()
            .filter((part) => part !== null)
            .join(separator),
});
