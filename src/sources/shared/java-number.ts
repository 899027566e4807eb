const DOUBLE = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;
const HEX = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)[fFdD]?$/;

/** The number that Java's `Double.parseDouble` reads, or undefined where it throws. */
export function parseJavaDouble(text: string): number | undefined {
  const trimmed = text.replace(/^[\0-\x20]+|[\0-\x20]+$/g, "");
  if (!DOUBLE.test(trimmed)) return parseHex(trimmed);
  const last = trimmed.charCodeAt(trimmed.length - 1) | 32;
  const isSuffixed = last === 100 || last === 102;
  return Number(isSuffixed ? trimmed.slice(0, -1) : trimmed.startsWith("+") ? trimmed.slice(1) : trimmed);
}

function parseHex(text: string): number | undefined {
  const match = HEX.exec(text);
  if (!match || match[2] + match[3] === "") return undefined;
  const digits = parseInt(match[2] + match[3], 16) * 2 ** (Number(match[4]) - 4 * match[3].length);
  return match[1] === "-" ? -digits : digits;
}

const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);

/**
 * Value of a plain decimal number in ASCII, NaN where a slower parser must decide. Exact: up to 15 digits are one
 * integer below 2^53 and powers of ten up to 10^22 are doubles, so one division rounds correctly (Clinger 1990).
 */
export function parseSimpleDouble(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  const negative = bytes[i] === 45;
  if (negative) i++;
  let value = 0;
  let digits = 0;
  let scale = 0;
  for (; i < end; i++) {
    const d = bytes[i] - 48;
    if (d < 0 || d > 9) break;
    value = value * 10 + d;
    digits++;
  }
  if (i < end) {
    if (bytes[i] !== 46) return NaN;
    for (i++; i < end; i++) {
      const d = bytes[i] - 48;
      if (d < 0 || d > 9) return NaN;
      value = value * 10 + d;
      digits++;
      scale++;
    }
  }
  if (digits === 0 || digits > 15) return NaN;
  if (scale > 0) value /= POWERS[scale];
  return negative ? -value : value;
}

/** Integer of at most 15 digits in ASCII with an optional sign, NaN otherwise. */
export function parseSimpleInteger(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  const sign = bytes[i];
  if (sign === 45 || sign === 43) i++;
  const digits = end - i;
  if (digits < 1 || digits > 15) return NaN;
  let value = 0;
  for (; i < end; i++) {
    const d = bytes[i] - 48;
    if (d < 0 || d > 9) return NaN;
    value = value * 10 + d;
  }
  return sign === 45 ? 0 - value : value;
}

/** As Java's `Long.parseLong`. */
export function parseJavaLong(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
