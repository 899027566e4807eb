import {
  castTo,
  commonType,
  defineFunction,
  evalConstant,
  isOrderable,
  notOrderable,
  type RowFunction,
  typeMismatch,
  typeOf,
  valueOrder,
} from "../../expressions/index.js";
import { pushComparison } from "./comparison.js";
import { booleanType, type DataType, DoubleType, FloatType } from "../../types/index.js";

/** Large lists of constants are looked up in a set, as Spark's `InSet`. */
const SET_SIZE = 10;

export const isIn = defineFunction({
  kind: "scalar",
  names: ["in"],
  doc: "Whether a value equals one of a list; null when none does but one of them is null.",
  signature(args, call) {
    const types = args.map(typeOf);
    const type = commonType(types);
    if (!type) {
      const list = types.map((t) => `"${t.sql()}"`).join(", ");
      throw typeMismatch(call, "DATA_DIFF_TYPES", `Input to \`in\` should all be the same type, but it's [${list}].`, {
        functionName: "`in`",
        dataType: `[${list}]`,
      });
    }
    if (!isOrderable(type)) throw notOrderable(call, type);
    return { args: args.map((arg) => castTo(arg, type)), type: booleanType };
  },
  nullable: (args) => args.includes(true),
  emit(e, [value, ...list]) {
    if (value.layout === "i128" || typeof value.layout === "object") return undefined;
    const found = e.define("bool", () => e.i32(0));
    const missing = e.define("bool", () => e.i32(0));
    for (const item of list) {
      e.pushValid(item);
      e.if(
        () => {
          pushComparison(e, [value, item], "eq");
          e.get(found.local);
          e.op("i32.or");
          e.set(found.local);
        },
        () => {
          e.i32(1);
          e.set(missing.local);
        },
      );
    }
    const valid = e.define("bool", () => {
      e.get(missing.local);
      e.op("i32.eqz");
      e.get(found.local);
      e.op("i32.or");
      e.pushValid(value);
      e.op("i32.and");
    });
    return { ...found, valid: valid.local };
  },
  evalLazily(call, [value, ...list], context) {
    const type = typeOf(call.args[0]);
    if (
      list.length > SET_SIZE &&
      call.args.slice(1).every((arg) => arg.kind === "literal" || (arg.kind === "cast" && arg.child.kind === "literal"))
    ) {
      const constants = call.args.slice(1).map((arg) => evalConstant(arg, context));
      return lookUp(type, value, constants);
    }
    const order = valueOrder(type);
    return (row) => {
      const x = value(row);
      if (x === null) return null;
      let sawNull = false;
      for (const item of list) {
        const y = item(row);
        if (y === null) sawNull = true;
        else if (order(x, y) === 0) return true;
      }
      return sawNull ? null : false;
    };
  },
});

function lookUp(type: DataType, value: RowFunction, constants: readonly unknown[]): RowFunction {
  const floating = type instanceof DoubleType || type instanceof FloatType;
  const simple = floating || constants.every((constant) => typeof constant !== "object" || constant === null);
  // A set of numbers has one NaN and takes -0 for 0, as Spark does.
  const otherwise = constants.includes(null) ? null : false;
  if (simple) {
    const set = new Set(constants);
    return (row) => {
      const x = value(row);
      return x === null ? null : set.has(x) ? true : otherwise;
    };
  }
  const order = valueOrder(type);
  const sorted = constants.filter((constant) => constant !== null).sort(order);
  return (row) => {
    const x = value(row);
    if (x === null) return null;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order(sorted[middle], x) < 0) low = middle + 1;
      else high = middle;
    }
    return low < sorted.length && order(sorted[low], x) === 0 ? true : otherwise;
  };
}
