/** Digits (no trailing zeros, at least one) and decimal exponent of an exponential text. */
function split(exponential: string): [digits: string, exponent: number] {
  const [mantissa, exponent] = exponential.split("e");
  return [mantissa.replace(".", "").replace(/(?<=.)0+$/, ""), Number(exponent)];
}

function layOut(negative: boolean, digits: string, exponent: number): string {
  const sign = negative ? "-" : "";
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || "0"}E${exponent}`;
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function special(x: number): string | undefined {
  if (!Number.isFinite(x)) return String(x);
  if (x === 0) return Object.is(x, -0) ? "-0.0" : "0.0";
  return undefined;
}

/**
 * Text of a double as Java's `Double.toString` and Spark write it: `1.0`, `1.0E-6`, `1.2345678E7`, `NaN`, `Infinity`.
 * Digits are the shortest that read back to the same value.
 */
export function javaDouble(value: number): string {
  const named = special(value);
  if (named) return named;
  const magnitude = Math.abs(value);
  let [digits, exponent] = split(magnitude.toExponential());
  // Java gives two digits at least and takes the closest such decimal: 4.9E-324, where one digit would be 5.
  if (digits.length === 1) [digits, exponent] = split(magnitude.toExponential(1));
  return layOut(value < 0, digits, exponent);
}

/** Text of a single-precision float as Java's `Float.toString` and Spark write it. */
export function javaFloat(value: number): string {
  const float = Math.fround(value);
  const named = special(float);
  if (named) return named;
  const magnitude = Math.abs(float);
  let fraction = 1;
  while (fraction < 9 && Math.fround(Number(magnitude.toExponential(fraction))) !== magnitude) fraction++;
  return layOut(float < 0, ...split(magnitude.toExponential(fraction)));
}
