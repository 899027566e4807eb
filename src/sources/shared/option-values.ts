import { IllegalArgumentException, SparkException } from "../../common/index.js";
import type { SourceOptions } from "../../sql/source/index.js";

export type ParseMode = "PERMISSIVE" | "DROPMALFORMED" | "FAILFAST";

/** Reading mode; Spark takes an unknown name for PERMISSIVE. */
export function parseMode(name = "PERMISSIVE"): ParseMode {
  const upper = name.toUpperCase();
  return upper === "DROPMALFORMED" || upper === "FAILFAST" ? upper : "PERMISSIVE";
}

export function booleanOption(options: SourceOptions, name: string): boolean | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (/^true$/i.test(value)) return true;
  if (/^false$/i.test(value)) return false;
  throw new SparkException(`${name} flag can be true or false, not ${value}.`, {
    condition: "_LEGACY_ERROR_TEMP_2147",
    parameters: { paramName: name },
  });
}

export function integerOption(options: SourceOptions, name: string, fallback: number): number {
  const value = options[name];
  if (value === undefined) return fallback;
  if (/^[+-]?\d+$/.test(value)) return Number(value);
  throw new SparkException(`${name} should be an integer. Found ${value}.`, {
    condition: "_LEGACY_ERROR_TEMP_2146",
    parameters: { paramName: name, value },
  });
}

/** Option `lineSep`: one or two characters. */
export function lineSeparator(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.length >= 1 && value.length <= 2) return value;
  const condition = value === "" ? "INVALID_LINE_SEPARATOR.EMPTY" : "INVALID_LINE_SEPARATOR.TOO_LONG";
  throw new IllegalArgumentException(`'lineSep' can contain 1 or 2 characters, not "${value}".`, {
    condition,
    sqlState: "22023",
    parameters: { lineSep: value },
  });
}
