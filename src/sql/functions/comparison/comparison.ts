import type { Emitter, Value } from "../../codegen/index.js";
import {
  binary,
  defineFunction,
  isOrderable,
  notOrderable,
  type ResolvedCall,
  type ScalarFunction,
  type Signature,
  typeOf,
  valueOrder,
} from "../../expressions/index.js";
import { booleanType, UserDefinedType } from "../../types/index.js";

const operands = binary("any", booleanType);
export const comparable: Signature = (args, call) => {
  const signed = operands(args, call);
  const type = typeOf(signed.args[0]);
  if (!isOrderable(type) && !(type instanceof UserDefinedType)) throw notOrderable(call, type);
  return signed;
};

export type Comparison = "eq" | "lt" | "le" | "gt" | "ge";
const tests: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};

export function comparison(call: ResolvedCall, test: Comparison): (a: unknown, b: unknown) => boolean {
  const type = typeOf(call.args[0]);
  if (type instanceof UserDefinedType) {
    return (a, b) => (a as { equals(other: unknown): boolean }).equals(b);
  }
  const order = valueOrder(type);
  const holds = tests[test];
  return (a, b) => holds(order(a, b));
}

/** Leaves 1 on the stack where the comparison of two valid values holds; NaN equals itself and is above all numbers. */
export function pushComparison(e: Emitter, [a, b]: readonly Value[], test: Comparison): boolean {
  switch (a.layout) {
    case "f64":
    case "f32":
      pushFloating(e, a, b, test, a.layout);
      return true;
    case "i64":
    case "i32":
    case "i16":
    case "i8":
    case "bool": {
      const wasm = a.layout === "i64" ? "i64" : "i32";
      e.get(a.local);
      e.get(b.local);
      e.op(test === "eq" ? `${wasm}.eq` : `${wasm}.${test}_s`);
      return true;
    }
    case "utf8":
      if (test === "eq") e.runtime("utf8_equal", a, b);
      else {
        e.runtime("utf8_compare", a, b);
        e.i32(0);
        e.op(`i32.${test}_s`);
      }
      return true;
    default:
      return false;
  }
}

function pushFloating(e: Emitter, a: Value, b: Value, test: Comparison, wasm: "f64" | "f32"): void {
  const compare = (x: Value, y: Value, op: string): void => {
    e.get(x.local);
    e.get(y.local);
    e.op(`${wasm}.${op}`);
  };
  const isNaN = (x: Value): void => compare(x, x, "ne");
  compare(a, b, test);
  // The plain comparison is false with a NaN: add the cases where it should hold.
  if (test === "eq" || test === "le" || test === "ge") {
    isNaN(test === "le" ? b : a);
    if (test === "eq") {
      isNaN(b);
      e.op("i32.and");
    }
  } else {
    isNaN(test === "lt" ? b : a);
    compare(test === "lt" ? a : b, test === "lt" ? a : b, "eq");
    e.op("i32.and");
  }
  e.op("i32.or");
}

const operator = (names: readonly [string, ...string[]], doc: string, test: Comparison): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names,
    doc,
    signature: comparable,
    eval: (call) => comparison(call, test),
    emit(e, args) {
      if (args[0].layout === "i128" || typeof args[0].layout === "object") return undefined;
      return e.define("bool", () => {
        pushComparison(e, args, test);
      });
    },
  });

export const equal = operator(["=", "=="], "Whether two values are equal.", "eq");
export const lessThan = operator(["<"], "Whether the first value is below the second.", "lt");
export const lessOrEqual = operator(["<="], "Whether the first value is not above the second.", "le");
export const greaterThan = operator([">"], "Whether the first value is above the second.", "gt");
export const greaterOrEqual = operator([">="], "Whether the first value is not below the second.", "ge");
