import { javaDouble } from "../../common/index.js";

/**
 * Text of an element as the JVM prints it, for text files and pipes: `(k,1)` for arrays (tuples, beyond 22 elements
 * `List(...)`), `Map(a -> 1)` for maps and plain objects, `1.5E-5` for fractions, `null`; bytes are taken as UTF-8.
 */
export function javaString(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return numberText(value);
    case "object":
      return value === null ? "null" : objectText(value);
    case "undefined":
      return "null";
    default:
      return String(value);
  }
}

function numberText(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63 && value !== 0) return BigInt(value).toString();
  return javaDouble(value);
}

function objectText(value: object): string {
  if (Array.isArray(value)) {
    return value.length > 0 && value.length <= 22
      ? `(${value.map(javaString).join(",")})`
      : `List(${value.map(javaString).join(", ")})`;
  }
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Map) return mapText([...value]);
  if (value instanceof Set) return `Set(${[...value].map(javaString).join(", ")})`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "null" : value.toISOString();
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || prototype === Object.prototype ? mapText(Object.entries(value)) : String(value);
}

const mapText = (entries: readonly (readonly [unknown, unknown])[]): string =>
  `Map(${entries.map(([key, item]) => `${javaString(key)} -> ${javaString(item)}`).join(", ")})`;
