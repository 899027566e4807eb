import { portableClassOf } from "../exec/closure/index.js";

/** Marks texts that stand for something else than a string. */
const MARK = "\u0000";

/**
 * What a JavaScript Map can be keyed by so that equal keys are one entry: primitives as they are, composites as canonical text
 * (arrays, Dates, Maps, Sets, plain objects and portable classes are equal when their contents are).
 */
export function keyOf(key: unknown): unknown {
  if (typeof key === "string") return key.charCodeAt(0) === 0 ? `${MARK}s${key}` : key;
  return typeof key === "object" && key !== null ? MARK + canonical(key) : key;
}

function canonical(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : canonicalObject(value);
    case "function":
    case "symbol":
      throw new TypeError(`a ${typeof value} cannot be a key`);
    default:
      return String(value);
  }
}

const joined = (values: Iterable<unknown>): string => Array.from(values, canonical).join(",");

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return `[${joined(value)}]`;
  if (value instanceof Date) return `D${value.getTime()}`;
  if (value instanceof Map) {
    const entries = Array.from(value, ([k, v]) => `${canonical(k)}:${canonical(v)}`);
    return `M{${entries.sort().join(",")}}`;
  }
  if (value instanceof Set) return `S{${Array.from(value, canonical).sort().join(",")}}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}[${joined(value as unknown as Iterable<unknown>)}]`;
  const portable = portableClassOf(value);
  if (portable) return `${portable.name}(${canonical(portable.take(value))})`;
  const fields = value as Record<string, unknown>;
  const names = Object.keys(fields).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(fields[name])}`).join(",")}}`;
}
