import { decimalOverflow, defineFunction, divideByZero, typeOf } from "../../expressions/index.js";
import { DecimalType, divideHalfUp, fitsPrecision, powerOfTen } from "../../types/index.js";
import { arithmeticSignature } from "./arithmetic-signature.js";

export const divide = defineFunction({
  kind: "scalar",
  names: ["/"],
  doc: "Quotient of two numbers, always fractional.",
  signature: arithmeticSignature("/"),
  nullable: "sometimes",
  eval(call) {
    const { type } = call;
    if (type instanceof DecimalType) {
      const [left, right] = call.args.map((arg) => (typeOf(arg) as DecimalType).scale);
      return (a: bigint, b: bigint) => {
        if (b === 0n) throw divideByZero();
        // Spark divides decimals to 38 significant digits and rounds that quotient again.
        const shift = type.scale + right - left;
        const quotient = shift >= 0 ? divideHalfUp(a * powerOfTen(shift), b) : divideHalfUp(a, b * powerOfTen(-shift));
        if (!fitsPrecision(quotient, type.precision)) throw decimalOverflow(quotient, type.scale, type);
        return quotient;
      };
    }
    return (a: number, b: number) => {
      if (b === 0) throw divideByZero();
      return a / b;
    };
  },
  emit(e, [a, b]) {
    if (a.layout !== "f64") return undefined;
    e.get(b.local);
    e.f64(0);
    e.op("f64.eq");
    e.giveUpIf();
    return e.apply("f64", [a, b], "f64.div");
  },
});
