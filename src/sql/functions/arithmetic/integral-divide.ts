import { arithmeticOverflow, defineFunction, divideByZero, typeOf } from "../../expressions/index.js";
import { DecimalType, powerOfTen } from "../../types/index.js";
import { arithmeticSignature } from "./arithmetic-signature.js";

export const integralDivide = defineFunction({
  kind: "scalar",
  names: ["div"],
  doc: "Quotient of two numbers, cut to an integer.",
  signature: arithmeticSignature("div"),
  nullable: "sometimes",
  emit(e, [a, b]) {
    if (a.layout !== "i64") return undefined;
    e.get(b.local);
    e.op("i64.eqz");
    e.get(b.local);
    e.i64(-1n);
    e.op("i64.eq");
    e.get(a.local);
    e.i64(-(2n ** 63n));
    e.op("i64.eq", "i32.and", "i32.or");
    e.giveUpIf();
    return e.apply("i64", [a, b], "i64.div_s");
  },
  eval(call) {
    const [left, right] = call.args.map((arg) => {
      const type = typeOf(arg);
      return type instanceof DecimalType ? type.scale : 0;
    });
    const decimals = typeOf(call.args[0]) instanceof DecimalType;
    return (a: bigint, b: bigint) => {
      if (b === 0n) throw divideByZero();
      const quotient = (a * powerOfTen(right)) / (b * powerOfTen(left));
      // Quotients of decimals are cut to 64 bits without a check, as in Spark.
      if (decimals) return BigInt.asIntN(64, quotient);
      if (BigInt.asIntN(64, quotient) !== quotient)
        throw arithmeticOverflow("Overflow in integral divide", "try_divide");
      return quotient;
    };
  },
});
