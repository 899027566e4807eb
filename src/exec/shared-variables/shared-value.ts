import { deserialize, serialize } from "node:v8";
import { IllegalArgumentException } from "../../common/index.js";
import { portableClass, portableClassOf } from "../closure/portable-class.js";

/** A value in shared memory: its typed arrays lie there as they are, the rest is serialized once. */
export interface SharedValue {
  readonly bytes: SharedArrayBuffer;
  readonly arrays: readonly ArrayBufferView[];
}

/** Typed arrays of this size on are shared; smaller ones are copied with the rest. */
const SHARED_FROM = 256;
const ARRAY = "\u0000kindling.array";
const PORTABLE = "\u0000kindling.portable";

type TypedArray = Uint8Array | Float64Array;
type TypedArrayClass = new (buffer: SharedArrayBuffer, at: number, length: number) => TypedArray;

/** Copies a value into shared memory; throws on what cannot travel. */
export function encodeShared(value: unknown): SharedValue {
  const arrays: ArrayBufferView[] = [];
  const seen = new Map<object, unknown>();

  const visit = (part: unknown, path: string): unknown => {
    if (typeof part === "function" || typeof part === "symbol") {
      throw refuse(path, `is a ${typeof part}; put it into the function that uses the broadcast`);
    }
    if (typeof part !== "object" || part === null) return part;
    const known = seen.get(part);
    if (known !== undefined) return known;
    if (ArrayBuffer.isView(part)) return shareArray(part);
    const made = container(part, path);
    seen.set(part, made);
    return made;
  };

  const shareArray = (view: ArrayBufferView): unknown => {
    if (view instanceof DataView || view.byteLength < SHARED_FROM) {
      return view.buffer instanceof SharedArrayBuffer ? (view as Uint8Array).slice() : view;
    }
    const marker = { [ARRAY]: arrays.length };
    seen.set(view, marker);
    arrays.push(toShared(view as TypedArray));
    return marker;
  };

  const container = (part: object, path: string): unknown => {
    if (Array.isArray(part)) {
      const copy: unknown[] = new Array(part.length);
      seen.set(part, copy);
      for (let i = 0; i < part.length; i++) copy[i] = visit(part[i], `${path}[${i}]`);
      return copy;
    }
    if (part instanceof Map) {
      return new Map([...part].map(([k, v]) => [visit(k, `a key of ${path}`), visit(v, `${path}.get(${String(k)})`)]));
    }
    if (part instanceof Set) return new Set([...part].map((item) => visit(item, `an item of ${path}`)));
    const portable = portableClassOf(part);
    if (portable) return { [PORTABLE]: portable.name, parts: visit(portable.take(part), path) };
    const prototype = Object.getPrototypeOf(part) as object | null;
    if (prototype === null || prototype === Object.prototype) {
      const copy: Record<string, unknown> = {};
      seen.set(part, copy);
      for (const [key, item] of Object.entries(part)) copy[key] = visit(item, `${path}.${key}`);
      return copy;
    }
    if (part instanceof Date || part instanceof RegExp || part instanceof Error || part instanceof ArrayBuffer)
      return part;
    throw refuse(path, `is an instance of ${prototype.constructor?.name ?? "a class"}`);
  };

  const body = serialize(visit(value, "the value"));
  const bytes = new SharedArrayBuffer(body.length);
  new Uint8Array(bytes).set(body);
  return { bytes, arrays };
}

const refuse = (path: string, why: string): IllegalArgumentException =>
  new IllegalArgumentException(
    `The value cannot be broadcast: ${path} ${why}. Broadcast plain data, typed arrays, Maps, Sets, Dates or vectors.`,
    { condition: "UNSERIALIZABLE_BROADCAST", parameters: { value: path } },
  );

function toShared(view: TypedArray): ArrayBufferView {
  if (view.buffer instanceof SharedArrayBuffer) return view;
  const buffer = new SharedArrayBuffer(view.byteLength);
  new Uint8Array(buffer).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  const Class = (view instanceof Buffer ? Uint8Array : view.constructor) as TypedArrayClass;
  return new Class(buffer, 0, view.length);
}

/** The value again: arrays are views of the shared memory. */
export function decodeShared({ bytes, arrays }: SharedValue): unknown {
  const seen = new Map<object, unknown>();
  const restore = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null || ArrayBuffer.isView(part)) return part;
    const known = seen.get(part);
    if (known !== undefined) return known;
    seen.set(part, part);
    if (Array.isArray(part)) {
      for (let i = 0; i < part.length; i++) part[i] = restore(part[i]);
      return part;
    }
    if (part instanceof Map) {
      const entries = [...part].map(([k, v]) => [restore(k), restore(v)] as const);
      part.clear();
      for (const [k, v] of entries) part.set(k, v);
      return part;
    }
    if (part instanceof Set) {
      const items = [...part].map(restore);
      part.clear();
      for (const item of items) part.add(item);
      return part;
    }
    const object = part as Record<string, unknown>;
    if (ARRAY in object) return arrays[object[ARRAY] as number];
    for (const key of Object.keys(object)) object[key] = restore(object[key]);
    if (!(PORTABLE in object)) return part;
    const made = portableClass(object[PORTABLE] as string).make(object.parts);
    seen.set(part, made);
    return made;
  };
  return restore(deserialize(new Uint8Array(bytes).slice()));
}
