import { deserialize, serialize } from "node:v8";
import { SparkException } from "../../common/index.js";
import { portableClass, portableClassOf } from "../../exec/closure/index.js";

/** How an instance of a portable class lies inside serialized data. */
const PORTABLE = "\u0000kindling";
const PLAIN = 0;
const WITH_PORTABLE = 1;

interface Walk {
  portable: boolean;
  readonly seen: Map<object, unknown>;
}

const builtIn = new Set<unknown>([
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
  Date.prototype,
  RegExp.prototype,
  ArrayBuffer.prototype,
  DataView.prototype,
  Buffer.prototype,
  Number.prototype,
  String.prototype,
  Boolean.prototype,
  BigInt.prototype,
  null,
]);

const refuse = (what: string): SparkException =>
  new SparkException(
    `${what} cannot travel between tasks. Use plain objects, arrays, Maps, Sets, Dates, typed arrays, vectors or Rows as elements.`,
    { condition: "UNSERIALIZABLE_ELEMENT", parameters: { value: what } },
  );

/** The value with instances of portable classes taken apart; the same object where there are none. */
function plainForm(value: unknown, walk: Walk): unknown {
  if (typeof value === "function") throw refuse(`The function ${value.name || "(anonymous)"}`);
  if (typeof value === "symbol") throw refuse(String(value));
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    if (!(value.buffer instanceof SharedArrayBuffer)) return value;
    return (value as unknown as Uint8Array).slice();
  }
  const known = walk.seen.get(value);
  if (known !== undefined) return known;
  walk.seen.set(value, value);
  if (Array.isArray(value)) return plainArray(value, walk);
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype || prototype === null) return plainObject(value as Record<string, unknown>, walk);
  if (value instanceof Map) {
    const entries = [...value].map(([k, v]) => [plainForm(k, walk), plainForm(v, walk)] as const);
    return entries.every(([k, v]) => value.has(k) && value.get(k) === v) ? value : new Map(entries);
  }
  if (value instanceof Set) {
    const items = [...value].map((item) => plainForm(item, walk));
    return items.every((item) => value.has(item)) ? value : new Set(items);
  }
  const portable = portableClassOf(value);
  if (portable) {
    walk.portable = true;
    const form = { [PORTABLE]: portable.name, parts: plainForm(portable.take(value), walk) };
    walk.seen.set(value, form);
    return form;
  }
  if (builtIn.has(prototype) || value instanceof Error) return value;
  throw refuse(`An instance of ${prototype.constructor?.name || "a class"}`);
}

function plainArray(value: readonly unknown[], walk: Walk): unknown {
  let copy: unknown[] | undefined;
  for (let i = 0; i < value.length; i++) {
    const item = value[i];
    if (typeof item !== "object" && typeof item !== "function" && typeof item !== "symbol") continue;
    const form = plainForm(item, walk);
    if (form !== item) (copy ??= value.slice())[i] = form;
  }
  if (copy) walk.seen.set(value, copy);
  return copy ?? value;
}

function plainObject(value: Readonly<Record<string, unknown>>, walk: Walk): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const form = plainForm(value[key], walk);
    if (form !== value[key]) (copy ??= { ...value })[key] = form;
  }
  if (copy) walk.seen.set(value, copy);
  return copy ?? value;
}

/** Puts portable instances together again, in place. */
function restore(value: unknown, seen: Set<object>): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) return value;
  seen.add(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = restore(value[i], seen);
    return value;
  }
  if (value instanceof Map) {
    const entries = [...value].map(([k, v]) => [restore(k, seen), restore(v, seen)] as const);
    value.clear();
    for (const [k, v] of entries) value.set(k, v);
    return value;
  }
  if (value instanceof Set) {
    const items = [...value].map((item) => restore(item, seen));
    value.clear();
    for (const item of items) value.add(item);
    return value;
  }
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) object[key] = restore(object[key], seen);
  return PORTABLE in object ? portableClass(object[PORTABLE] as string).make(object.parts) : value;
}

/** Bytes of any value: structured clone's format, portable classes included. Throws on functions and instances of other classes. */
export function serializeValue(value: unknown): Uint8Array {
  const walk: Walk = { portable: false, seen: new Map() };
  const form = plainForm(value, walk);
  const body = serialize(form);
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = walk.portable ? WITH_PORTABLE : PLAIN;
  bytes.set(body, 1);
  return bytes;
}

/** The value that {@link serializeValue} wrote. */
export function deserializeValue(bytes: Uint8Array): unknown {
  // A copy out of shared memory, on which the reader does not work.
  const body =
    bytes.buffer instanceof SharedArrayBuffer
      ? bytes.slice(1)
      : new Uint8Array(bytes.buffer, bytes.byteOffset + 1, bytes.length - 1);
  const value: unknown = deserialize(body);
  return bytes[0] === WITH_PORTABLE ? restore(value, new Set()) : value;
}
