import { DecimalType } from "../../types/index.js";

/** Least scale that is kept when a result needs more than 38 digits. */
const MINIMUM_SCALE = 6;

/** Spark's `adjustPrecisionScale`: digits before the point are kept, digits behind it given up. */
function adjusted(precision: number, scale: number): DecimalType {
  if (precision <= 38) return new DecimalType(precision, scale);
  const digits = precision - scale;
  return new DecimalType(38, Math.max(38 - digits, Math.min(scale, MINIMUM_SCALE)));
}

type Rule = (a: DecimalType, b: DecimalType) => DecimalType;

/** Result types of decimal arithmetic, by operator (Spark's `DecimalPrecision`). */
export const decimalResult: Readonly<Record<"+" | "-" | "*" | "/" | "%" | "div", Rule>> = {
  "+": sum,
  "-": sum,
  "*": (a, b) => adjusted(a.precision + b.precision + 1, a.scale + b.scale),
  "/"(a, b) {
    const scale = Math.max(MINIMUM_SCALE, a.scale + b.precision + 1);
    return adjusted(a.precision - a.scale + b.scale + scale, scale);
  },
  "%"(a, b) {
    const scale = Math.max(a.scale, b.scale);
    return adjusted(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
  },
  div(a, b) {
    const digits = a.precision - a.scale + b.scale;
    return new DecimalType(Math.max(1, Math.min(digits, 38)), 0);
  },
};

function sum(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale);
  return adjusted(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
}
