import {
  decimalOverflow,
  defineFunction,
  remainderByZero,
  type ResolvedCall,
  type ScalarFunction,
  typeOf,
} from "../../expressions/index.js";
import { DecimalType, fitsPrecision, FloatType, LongType, powerOfTen, rescale } from "../../types/index.js";
import { arithmeticSignature } from "./arithmetic-signature.js";

type Numbers = (a: number, b: number) => number;
type Bigs = (a: bigint, b: bigint) => bigint;

function remainderOf(call: ResolvedCall, numbers: Numbers, bigs: Bigs): (a: never, b: never) => unknown {
  const { type } = call;
  if (type instanceof DecimalType) {
    const [left, right] = call.args.map((arg) => (typeOf(arg) as DecimalType).scale);
    const scale = Math.max(left, right);
    return (a: bigint, b: bigint) => {
      if (b === 0n) throw remainderByZero();
      const result = rescale(bigs(a * powerOfTen(scale - left), b * powerOfTen(scale - right)), scale, type.scale);
      if (!fitsPrecision(result, type.precision)) throw decimalOverflow(result, type.scale, type);
      return result;
    };
  }
  if (type instanceof LongType) {
    return (a: bigint, b: bigint) => {
      if (b === 0n) throw remainderByZero();
      return bigs(a, b);
    };
  }
  const fractional = type.typeName() === "double" || type instanceof FloatType;
  return (a: number, b: number) => {
    if (b === 0) throw remainderByZero();
    const result = numbers(a, b);
    return fractional ? result : result + 0;
  };
}

const bigRemainder: Bigs = (a, b) => a % b;

/** Spark's formula: a negative remainder is moved up by the divisor once and reduced again. */
const positive: Numbers = (a, b) => {
  const r = a % b;
  return r < 0 ? (r + b) % b : r;
};
const bigPositive: Bigs = (a, b) => {
  const r = a % b;
  return r < 0n ? (r + b) % b : r;
};

export const remainder = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["%", "mod"],
  doc: "Remainder of a division, with the sign of the dividend.",
  signature: arithmeticSignature("%"),
  nullable: "sometimes",
  eval: (call) => remainderOf(call, (a, b) => a % b, bigRemainder),
  emit(e, [a, b]) {
    if (a.layout === "f64") {
      e.get(b.local);
      e.f64(0);
      e.op("f64.eq");
      e.giveUpIf();
      return e.define("f64", () => {
        e.get(a.local);
        e.get(b.local);
        e.math("fmod");
      });
    }
    const wasm = a.layout === "i64" ? "i64" : a.layout === "f32" || a.layout === "i128" ? undefined : "i32";
    if (!wasm) return undefined;
    e.get(b.local);
    e.op(`${wasm}.eqz`);
    e.giveUpIf();
    return e.apply(a.layout, [a, b], `${wasm}.rem_s`);
  },
});

export const pmod = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["pmod"],
  doc: "Remainder of a division, not negative when the divisor is positive.",
  signature: arithmeticSignature("%"),
  nullable: "sometimes",
  eval: (call) => remainderOf(call, positive, bigPositive),
});
