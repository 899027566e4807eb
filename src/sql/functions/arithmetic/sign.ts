import {
  arithmeticOverflow,
  castTo,
  checkCount,
  defineFunction,
  implicitCast,
  overflowMessage,
  type ScalarFunction,
  type Signature,
  typeOf,
} from "../../expressions/index.js";
import { ByteType, type DataType, IntegerType, LongType, ShortType } from "../../types/index.js";

const numeric: Signature = (args, call) => {
  checkCount(call, 1, 1);
  const arg = implicitCast(args[0], "numeric", call, 0);
  return { args: [castTo(arg, typeOf(arg))], type: typeOf(arg) };
};

const lowest = new Map<unknown, number | bigint>([
  [ByteType, -128],
  [ShortType, -32_768],
  [IntegerType, -2_147_483_648],
  [LongType, -(2n ** 63n)],
]);

/** Negation that refuses the one integer without a positive counterpart. */
function negation(type: DataType): (a: never) => unknown {
  const least = lowest.get(type.constructor);
  if (least === undefined) return (a: number) => -a;
  const zero = typeof least === "bigint" ? 0n : 0;
  return (a: number) => {
    if (a === least) throw arithmeticOverflow(overflowMessage(type));
    return (zero as number) - a;
  };
}

export const negative = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["negative"],
  doc: "The number with the other sign.",
  signature: numeric,
  eval: (call) => negation(call.type),
  emit(e, [a]) {
    if (a.layout === "f64" || a.layout === "f32") return e.apply(a.layout, [a], `${a.layout}.neg`);
    return undefined;
  },
});

export const positive = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["positive"],
  doc: "The number itself.",
  signature: numeric,
  eval: () => (a: unknown) => a,
  emit: (_, [a]) => a,
});

export const abs = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["abs"],
  doc: "Absolute value of a number.",
  signature: numeric,
  eval(call) {
    const negate = negation(call.type) as (a: number) => unknown;
    if (typeOf(call).typeName() === "double" || typeOf(call).typeName() === "float") return Math.abs;
    return (a: number) => (a < 0 ? negate(a) : a);
  },
  emit(e, [a]) {
    if (a.layout === "f64" || a.layout === "f32") return e.apply(a.layout, [a], `${a.layout}.abs`);
    return undefined;
  },
});
