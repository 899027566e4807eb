import { trimAll } from "../../../common/index.js";

/** Integer text as Spark's exact casts read it: sign and digits only. */
export function parseInteger(text: string): bigint | undefined {
  const trimmed = trimAll(text);
  return /^[+-]?\d+$/.test(trimmed) ? BigInt(trimmed.startsWith("+") ? trimmed.slice(1) : trimmed) : undefined;
}

const DOUBLE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?$/;
const SPECIAL: Readonly<Record<string, number>> = {
  ...{ inf: Infinity, "+inf": Infinity, infinity: Infinity, "+infinity": Infinity },
  ...{ "-inf": -Infinity, "-infinity": -Infinity, nan: NaN },
};

/** Text of a double as Java reads it (also with a type suffix), and the names of what is not finite in any case. */
export function parseDouble(text: string): number | undefined {
  const trimmed = trimAll(text);
  if (DOUBLE.test(trimmed)) return Number(trimmed.replace(/[dDfF]$/, ""));
  if (/^[+-]?NaN$/.test(trimmed)) return NaN;
  const special = SPECIAL[trimmed.toLowerCase()];
  if (special !== undefined) return special;
  return parseHexadecimal(trimmed);
}

/** `0x1.8p3`: Java's hexadecimal floating point. */
function parseHexadecimal(text: string): number | undefined {
  const match = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)[dDfF]?$/.exec(text);
  if (!match || (match[2] === "" && match[3] === "")) return undefined;
  const value = Number.parseInt(`0${match[2]}${match[3]}`, 16) * 2 ** (Number(match[4]) - 4 * match[3].length);
  return match[1] === "-" ? -value : value;
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...{ t: true, true: true, y: true, yes: true, "1": true },
  ...{ f: false, false: false, n: false, no: false, "0": false },
};
export const parseBoolean = (text: string): boolean | undefined => BOOLEANS[trimAll(text).toLowerCase()];
