import {
  castTo,
  checkCount,
  defineFunction,
  isNullable,
  tightestCommonType,
  typeMismatch,
  typeOf,
  unexpectedInput,
  valueOrder,
} from "../../expressions/index.js";
import { ArrayType, booleanType, NullType } from "../../types/index.js";

export const arrayContains = defineFunction({
  kind: "scalar",
  names: ["array_contains"],
  doc: "Whether an array holds a value; null when it does not but holds a null.",
  signature(args, call) {
    checkCount(call, 2, 2);
    const [list, value] = args.map(typeOf);
    if (list instanceof NullType || value instanceof NullType) {
      throw typeMismatch(call, "NULL_TYPE", "Null typed values cannot be used as arguments of `array_contains`.", {
        functionName: "`array_contains`",
      });
    }
    if (!(list instanceof ArrayType)) throw unexpectedInput(call, 0, "array");
    const element = tightestCommonType(list.elementType, value);
    if (!element) {
      throw typeMismatch(
        call,
        "ARRAY_FUNCTION_DIFF_TYPES",
        `Input to \`array_contains\` should have been "ARRAY" followed by a value with same element type, but it's ["${list.sql()}", "${value.sql()}"].`,
        {
          functionName: "`array_contains`",
          dataType: '"ARRAY"',
          leftType: `"${list.sql()}"`,
          rightType: `"${value.sql()}"`,
        },
      );
    }
    const cast = [castTo(args[0], new ArrayType(element, list.containsNull)), castTo(args[1], element)];
    return { args: cast, type: booleanType, nullable: args.some(isNullable) || list.containsNull };
  },
  eval(call) {
    const order = valueOrder(typeOf(call.args[1]));
    return (list: readonly unknown[], value: unknown) => {
      if (list.some((item) => item !== null && order(item, value) === 0)) return true;
      return list.includes(null) ? null : false;
    };
  },
});
