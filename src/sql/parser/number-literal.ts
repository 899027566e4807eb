import { ParseException } from "../../common/index.js";
import type { Expression } from "../expressions/index.js";
import {
  byteType,
  type DataType,
  DecimalType,
  doubleType,
  floatType,
  integerType,
  longType,
  shortType,
} from "../types/index.js";

const integral: Readonly<Record<string, readonly [DataType, bits: number]>> = {
  Y: [byteType, 8],
  S: [shortType, 16],
  L: [longType, 64],
};

const constant = (value: unknown, type: DataType): Expression => ({ kind: "literal", value, type, nullable: false });

/** A number as Spark reads it: `1` INT or BIGINT, `1L`, `1S`, `1Y`, `1.5` DECIMAL(2,1), `1.5D`, `1e3` DOUBLE, `1.5F`, `1BD`. */
export function numberLiteral(text: string): Expression {
  const [, digits, suffix] = /^(.*?)(BD|[LSYDF])?$/i.exec(text) as RegExpExecArray;
  const letter = suffix?.toUpperCase() ?? "";
  if (letter === "D" || (letter === "" && /e/i.test(digits))) return constant(Number(digits), doubleType);
  if (letter === "F") return constant(Math.fround(Number(digits)), floatType);
  if (letter === "BD" || /[.e]/i.test(digits)) return decimalLiteral(digits);
  const value = BigInt(digits);
  const sized = integral[letter];
  if (sized) {
    const [type, bits] = sized;
    if (BigInt.asIntN(bits, value) !== value) throw outOfRange(text, type);
    return constant(bits === 64 ? value : Number(value), type);
  }
  if (BigInt.asIntN(32, value) === value) return constant(Number(value), integerType);
  return BigInt.asIntN(64, value) === value ? constant(value, longType) : decimalLiteral(digits);
}

function decimalLiteral(text: string): Expression {
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  const scale = fraction.length - Number(exponent);
  const unscaled = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, -scale));
  const digits = unscaled.toString().length;
  return constant(unscaled, new DecimalType(Math.max(digits, scale, 1), Math.max(0, scale)));
}

const outOfRange = (text: string, type: DataType): ParseException =>
  new ParseException(`Numeric literal ${text} is outside the valid range for ${type.simpleString()}.`, {
    condition: "INVALID_NUMERIC_LITERAL_RANGE",
    sqlState: "22003",
    parameters: { rawStrippedQualifier: text.slice(0, -1), typeName: type.simpleString() },
  });
