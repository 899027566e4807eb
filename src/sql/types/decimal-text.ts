const powers: bigint[] = [1n];
/** 10 to the n-th power. */
export function powerOfTen(n: number): bigint {
  while (powers.length <= n) powers.push(powers[powers.length - 1] * 10n);
  return powers[n];
}

/** Digits of an unscaled decimal, `scale` of them after the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString();
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${negative ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Quotient rounded half away from zero. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  if (twice < (divisor < 0n ? -divisor : divisor)) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

/** Unscaled value at another scale, rounding half up when digits are dropped. */
export const rescale = (unscaled: bigint, from: number, to: number): bigint =>
  to >= from ? unscaled * powerOfTen(to - from) : divideHalfUp(unscaled, powerOfTen(from - to));

/** Unscaled value of a number's text at `scale`, rounded half up; undefined when the text is no number. */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const fraction = match[3] ?? match[4] ?? "";
  const digits = (match[2] ?? "") + fraction;
  const ownScale = fraction.length - Number(match[5] ?? 0);
  let value = BigInt(digits);
  if (value !== 0n) {
    if (scale - ownScale > 10_000) return undefined;
    if (ownScale - scale > digits.length + 1) value = 0n;
    else value = rescaleSigned(value, ownScale, scale);
  }
  return match[1] === "-" ? -value : value;
}

const rescaleSigned = (value: bigint, from: number, to: number): bigint =>
  from >= 0 && to >= 0 ? rescale(value, from, to) : rescale(value, Math.max(0, from - to), Math.max(0, to - from));

/** Whether an unscaled value has at most `precision` digits. */
export const fitsPrecision = (unscaled: bigint, precision: number): boolean => {
  const limit = powerOfTen(precision);
  return unscaled < limit && unscaled > -limit;
};
