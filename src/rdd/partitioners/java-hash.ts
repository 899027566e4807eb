import { IllegalArgumentException, SparkException } from "../../common/index.js";

/**
 * Hash codes of the JVM, by which Spark places keys. A JavaScript value stands for the Java value it would be there:
 * whole numbers are `Int` when they fit and `Long` otherwise, all other numbers (and -0) `Double`; bigints are `Long`;
 * arrays of 1 to 22 elements are tuples, all others lists; `null` and `undefined` are null; plain objects and Maps are
 * Scala maps; Dates hash their milliseconds; Rows hash like sequences of their values; any other object may bring its own
 * `hashCode()`. Typed arrays are Java's arrays, which Spark refuses as keys.
 */
export function javaHashCode(value: unknown): number {
  switch (typeof value) {
    case "number":
      if ((value | 0) === value && !Object.is(value, -0)) return value;
      return isJavaLong(value) ? longHashCode(BigInt(value)) : doubleHashCode(value);
    case "string":
      return stringHashCode(value);
    case "boolean":
      return value ? 1231 : 1237;
    case "bigint":
      return bigintHashCode(value);
    case "undefined":
      return 0;
    case "object":
      return value === null ? 0 : objectHashCode(value);
    default:
      throw new IllegalArgumentException(
        `A ${typeof value} cannot be a key: it has no hash code. Use numbers, strings, booleans, bigints, Dates or arrays of them.`,
      );
  }
}

/** Scala's `##`: as {@link javaHashCode}, but equal numbers hash equally whatever their type. Tuples and lists use it. */
export function scalaHashCode(value: unknown): number {
  if (typeof value === "number") {
    if ((value | 0) === value) return value | 0;
    if (isJavaLong(value)) return longHashCode(BigInt(value));
    return Math.fround(value) === value ? floatBits(value) : doubleHashCode(value);
  }
  if (typeof value === "bigint" && BigInt.asIntN(32, value) === value) return Number(value);
  return javaHashCode(value);
}

/** `String.hashCode`, over UTF-16 units. */
export function stringHashCode(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = (Math.imul(31, h) + text.charCodeAt(i)) | 0;
  return h;
}

const words = new DataView(new ArrayBuffer(8));
const foldWords = (): number => words.getInt32(0) ^ words.getInt32(4);

/** `Double.hashCode`. */
export function doubleHashCode(value: number): number {
  if (Number.isNaN(value)) return 0x7ff80000;
  words.setFloat64(0, value);
  return foldWords();
}
function floatBits(value: number): number {
  words.setFloat32(0, value);
  return words.getInt32(0);
}
/** `Long.hashCode`, of the low 64 bits. */
export function longHashCode(value: bigint): number {
  words.setBigInt64(0, value);
  return foldWords();
}

const isJavaLong = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value) < 2 ** 63 && !Object.is(value, -0);

/** Within 64 bits a `Long`, beyond a `BigInteger`. */
function bigintHashCode(value: bigint): number {
  if (BigInt.asIntN(64, value) === value) return longHashCode(value);
  let h = 0;
  const magnitude = (value < 0n ? -value : value).toString(16);
  for (let end = magnitude.length % 8 || 8, start = 0; start < magnitude.length; start = end, end += 8) {
    h = (Math.imul(31, h) + Number.parseInt(magnitude.slice(start, end), 16)) | 0;
  }
  return value < 0n ? -h | 0 : h;
}

function objectHashCode(value: object): number {
  if (Array.isArray(value)) return value.length > 0 && value.length <= 22 ? tupleHashCode(value) : listHashCode(value);
  const own = (value as { hashCode?: unknown }).hashCode;
  if (typeof own === "function") return Number(own.call(value)) | 0;
  if (value instanceof Date) return longHashCode(BigInt(value.getTime()));
  if (value instanceof Set) return unorderedHash([...value].map(scalaHashCode), stringHashCode("Set"));
  if (value instanceof Map) return mapHashCode([...value]);
  if (ArrayBuffer.isView(value)) {
    throw new SparkException(
      "HashPartitioner cannot partition array keys: a typed array has no hash code of its content. Use Array.from(key).",
      { condition: "_LEGACY_ERROR_TEMP_3009" },
    );
  }
  if (Symbol.iterator in value) return sequenceHash([...(value as Iterable<unknown>)].map(scalaHashCode));
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return mapHashCode(Object.entries(value));
  throw new IllegalArgumentException(
    `A ${prototype.constructor?.name ?? "value"} cannot be a key: it has no hash code. Give its class a hashCode() method, or key by an array of its parts.`,
  );
}

/** Hash of a Scala tuple of these elements (Scala 2.13's `MurmurHash3.productHash`). */
export function tupleHashCode(elements: readonly unknown[]): number {
  let h = mix(0xcafebabe | 0, stringHashCode(`Tuple${elements.length}`));
  for (const element of elements) h = mix(h, scalaHashCode(element));
  return finish(h, elements.length);
}

/** Hash of a Scala `Seq` of these elements: arithmetic progressions of hashes are hashed as the range they are. */
export function listHashCode(elements: readonly unknown[]): number {
  const seed = stringHashCode("Seq");
  const hashes = elements.map(scalaHashCode);
  const n = hashes.length;
  if (n >= 2) {
    const step = (hashes[1] - hashes[0]) | 0;
    let i = 2;
    // Scala 2.13 looks for a step of 0 from the third element on only.
    while (i < n && step !== 0 && ((hashes[i] - hashes[i - 1]) | 0) === step) i++;
    if (i === n) return avalanche(mix(mix(mix(seed, hashes[0]), step), hashes[n - 1]));
  }
  return sequenceHash(hashes);
}

const sequenceHash = (hashes: readonly number[]): number =>
  finish(
    hashes.reduce((h, x) => mix(h, x), stringHashCode("Seq")),
    hashes.length,
  );

const mapHashCode = (entries: readonly (readonly [unknown, unknown])[]): number =>
  unorderedHash(
    entries.map(([key, value]) => tupleHashCode([key, value])),
    stringHashCode("Map"),
  );

function unorderedHash(hashes: readonly number[], seed: number): number {
  let sum = 0;
  let xor = 0;
  let product = 1;
  for (const h of hashes) {
    sum = (sum + h) | 0;
    xor ^= h;
    product = Math.imul(product, h | 1);
  }
  return finish(mixLast(mix(mix(seed, sum), xor), product), hashes.length);
}

function mixLast(h: number, data: number): number {
  const k = Math.imul(data, 0xcc9e2d51);
  return h ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
function mix(h: number, data: number): number {
  const x = mixLast(h, data);
  return (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0;
}
const finish = (h: number, length: number): number => avalanche(h ^ length);
function avalanche(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
