import { DecimalType } from "../../types/index.js";

/** Type of a decimal rounded to `digits` after the point (negative: before it). One more integral digit may be needed. */
export function roundedType({ precision, scale }: DecimalType, digits: number): DecimalType {
  const integral = precision - scale + 1;
  if (digits < 0) return new DecimalType(Math.min(38, Math.max(integral, -digits + 1)), 0);
  const kept = Math.min(scale, digits);
  return new DecimalType(Math.min(38, integral + kept), kept);
}
