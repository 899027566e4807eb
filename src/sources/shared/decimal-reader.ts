import { parseDecimal } from "../../sql/types/index.js";

/** Reads a decimal's text: unscaled value at a scale, rounded half up; undefined where the text is no decimal. */
export type DecimalReader = (text: string, scale: number) => bigint | undefined;

/** In en-US commas are left out; other locales follow Java's `DecimalFormat` (their grouping and decimal signs). */
export function decimalReader(locale: string): DecimalReader {
  if (/^en[-_]US$/i.test(locale)) return (text, scale) => parseDecimal(text.replaceAll(",", ""), scale);
  const plain = plainText(locale);
  return (text, scale) => {
    const own = plain(text);
    return own === undefined ? undefined : parseDecimal(own, scale);
  };
}

/** Text of a locale's number as `-123.45E6`; undefined when it is none. */
export function plainText(locale: string): (text: string) => string | undefined {
  const parts = new Intl.NumberFormat(locale.replace("_", "-")).formatToParts(-12_345_678.9);
  const sign = (type: string, fallback: string): string => parts.find((part) => part.type === type)?.value ?? fallback;
  const quoted = (s: string): string => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const [group, point] = [quoted(sign("group", ",")), quoted(sign("decimal", "."))];
  const shape = new RegExp(`^-?(?=[\\d${group}]*\\d|${point}\\d)(?:${group}?\\d)*(?:${point}\\d*)?(?:E-?\\d+)?$`);
  const groups = new RegExp(group, "g");
  return (text) => (shape.test(text) ? text.replace(groups, "").replace(sign("decimal", "."), ".") : undefined);
}
