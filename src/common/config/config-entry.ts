import { IllegalArgumentException } from "../errors.js";

/** Reads the text of a setting; throws Spark's INVALID_CONF_VALUE with the key's name when it is none. */
export type Parse<T> = (text: string, key: string) => T;

/** One configuration key: Spark's name, Spark's default as Spark writes it, how to read it, and what it means. */
export interface ConfigEntry<T> {
  readonly key: string;
  readonly parse: Parse<T>;
  readonly doc: string;
  /** Text of the default; undefined when the entry has none. */
  readonly default: string | undefined;
  /** The entry whose value stands in while this one is not set. */
  readonly fallback?: ConfigEntry<T>;
}

/** An entry with a default. */
export function entry<T>(key: string, text: string, parse: Parse<T>, doc: string): ConfigEntry<T> {
  return { key, default: text, parse, doc };
}

/** An entry without a default: its value is undefined until it is set. */
export function optional<T>(key: string, parse: Parse<T>, doc: string): ConfigEntry<T | undefined> {
  return { key, default: undefined, parse, doc };
}

/** An entry that takes another one's value until it is set. */
export function fallbackTo<T>(key: string, other: ConfigEntry<T>, doc: string): ConfigEntry<T> {
  return { key, default: undefined, parse: other.parse, doc, fallback: other };
}

/** The error of a value that is not allowed; `kind` is the last part of Spark's condition INVALID_CONF_VALUE. */
export function invalidValue(key: string, text: string, kind: string, why: string): IllegalArgumentException {
  return new IllegalArgumentException(`The value '${text}' in the config "${key}" is invalid. ${why}`, {
    condition: `INVALID_CONF_VALUE.${kind}`,
    sqlState: "22022",
    parameters: { confName: key, confValue: text },
  });
}

const mismatch = (key: string, value: string, type: string, example = ""): IllegalArgumentException =>
  invalidValue(key, value, "TYPE_MISMATCH", `It should be a/an '${type}' value${example}.`);

export const text: Parse<string> = (value) => value;

export const integer: Parse<number> = (value, key) => {
  if (!/^[+-]?\d+$/.test(value.trim())) throw mismatch(key, value, "int");
  return Number(value);
};

export const double: Parse<number> = (value, key) => {
  const n = Number(value);
  if (value.trim() === "" || Number.isNaN(n)) throw mismatch(key, value, "double");
  return n;
};

export const flag: Parse<boolean> = (value, key) => {
  const lower = value.trim().toLowerCase();
  if (lower !== "true" && lower !== "false") throw mismatch(key, value, "boolean");
  return lower === "true";
};

/** One of some names, whatever their case. */
export const oneOf =
  <T extends string>(...options: readonly T[]): Parse<T> =>
  (value, key) => {
    const found = options.find((option) => option.toLowerCase() === value.trim().toLowerCase());
    if (found !== undefined) return found;
    throw invalidValue(
      key,
      value,
      "OUT_OF_RANGE_OF_OPTIONS",
      `It should be one of '${[...options].sort().join(", ")}'.`,
    );
  };

/** `parse` and a requirement that its values fulfil. */
export const checked =
  <T>(parse: Parse<T>, holds: (value: T) => boolean, requirement: string): Parse<T> =>
  (value, key) => {
    const parsed = parse(value, key);
    if (!holds(parsed)) throw invalidValue(key, value, "REQUIREMENT", requirement);
    return parsed;
  };

const sizes: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40, p: 2 ** 50 };
const binaryNames: Readonly<Record<string, string>> = { b: "BYTE", k: "KiB", m: "MiB", g: "GiB" };

/** A size in bytes: "512m", "1g", "64kb". A bare number counts `unit`. */
export const bytes =
  (unit: "b" | "k" | "m" | "g" = "b"): Parse<number> =>
  (value, key) => {
    const match = /^(-?\d+)(?:b|([kmgtp])b?)?$/i.exec(value.trim());
    if (!match) throw mismatch(key, value, `bytes in ${binaryNames[unit]}`, `, such as "512m" or "1g"`);
    const bare = /\d$/.test(match[0]);
    return Number(match[1]) * sizes[bare ? unit : (match[2]?.toLowerCase() ?? "b")];
  };

const durations: Readonly<Record<string, number>> = {
  us: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  min: 6e4,
  h: 3.6e6,
  d: 8.64e7,
};
const unitNames: Readonly<Record<string, string>> = { ms: "MILLISECONDS", s: "SECONDS", min: "MINUTES" };

/** A duration in milliseconds: "30s", "100ms", "2min". A bare number counts `unit`. */
export const duration =
  (unit: "ms" | "s" | "min" = "ms"): Parse<number> =>
  (value, key) => {
    const match = /^(-?\d+)(us|ms|s|m|min|h|d)?$/i.exec(value.trim());
    if (!match) throw mismatch(key, value, `time in ${unitNames[unit]}`, `, such as "30s" or "100ms"`);
    return Number(match[1]) * durations[match[2]?.toLowerCase() ?? unit];
  };

export const atLeast = (parse: Parse<number>, least: number): Parse<number> =>
  checked(parse, (n) => n >= least, `It must be at least ${least}.`);

export const positive = (parse: Parse<number>, key: string): Parse<number> =>
  checked(parse, (n) => n > 0, `The value of ${key} must be positive`);
