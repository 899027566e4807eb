import {
  arithmeticOverflow,
  castTo,
  checkCount,
  decimalOverflow,
  defineFunction,
  implicitCast,
  type ResolvedCall,
  type ScalarFunction,
  type Signature,
  typeOf,
} from "../../expressions/index.js";
import { DecimalType, doubleType, fitsPrecision, integerType, longType, powerOfTen } from "../../types/index.js";
import { digitsOf } from "./round.js";
import { roundedType } from "./rounded-type.js";

const signature: Signature = (args, call) => {
  checkCount(call, 1, 2);
  if (args.length === 2) {
    const number = implicitCast(args[0], "decimal", call, 0);
    const digits = implicitCast(args[1], integerType, call, 1);
    return { args: [number, digits], type: roundedType(typeOf(number) as DecimalType, digitsOf(digits) ?? 0) };
  }
  const number = implicitCast(args[0], [doubleType, "decimal", longType], call, 0);
  const type = typeOf(number);
  if (!(type instanceof DecimalType)) return { args: [castTo(number, type)], type: longType };
  return { args: [number], type: type.scale === 0 ? type : new DecimalType(type.precision - type.scale + 1, 0) };
};

/** `up` 1 rounds towards positive, -1 towards negative infinity. */
function evaluate(call: ResolvedCall, up: 1 | -1): (x: never) => unknown {
  const type = typeOf(call.args[0]);
  if (type instanceof DecimalType) {
    const target = call.type as DecimalType;
    const digits = call.args.length === 2 ? (digitsOf(call.args[1]) ?? 0) : 0;
    const kept = Math.min(digits, type.scale);
    const divisor = powerOfTen(type.scale - kept);
    const back = powerOfTen(Math.max(0, -kept));
    return (x: bigint) => {
      const quotient = x / divisor;
      const remainder = x % divisor;
      const away = up === 1 ? remainder > 0n : remainder < 0n;
      const result = (away ? quotient + BigInt(up) : quotient) * back;
      if (!fitsPrecision(result, target.precision)) throw decimalOverflow(result, target.scale, target);
      return result;
    };
  }
  if (type.equals(longType)) return (x: bigint) => x;
  const round = up === 1 ? Math.ceil : Math.floor;
  return (x: number) => {
    const rounded = round(x);
    if (Number.isNaN(rounded)) return 0n;
    if (rounded >= 2 ** 63 || rounded < -(2 ** 63)) throw arithmeticOverflow("long overflow");
    return BigInt(rounded);
  };
}

const rounded = (
  names: readonly [string, ...string[]],
  doc: string,
  up: 1 | -1,
  wasm: "f64.floor" | "f64.ceil",
): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names,
    doc,
    signature,
    nullable: "sometimes",
    eval: (call) => evaluate(call, up),
    emit(e, [x]) {
      if (x.layout === "i64") return x;
      if (x.layout !== "f64") return undefined;
      const value = e.apply("f64", [x], wasm);
      const isNumber = e.apply("bool", [value, value], "f64.eq");
      e.get(value.local);
      e.op("f64.abs");
      e.f64(2 ** 63);
      e.op("f64.lt", "i32.eqz");
      e.get(isNumber.local);
      e.op("i32.and");
      e.giveUpIf();
      return e.define("i64", () => {
        e.get(isNumber.local);
        e.if(
          () => {
            e.get(value.local);
            e.op("i64.trunc_f64_s");
          },
          () => e.i64(0n),
          "i64",
        );
      });
    },
  });

export const floor = rounded(["floor"], "The largest integer not above a number.", -1, "f64.floor");
export const ceil = rounded(["ceil", "ceiling"], "The smallest integer not below a number.", 1, "f64.ceil");
