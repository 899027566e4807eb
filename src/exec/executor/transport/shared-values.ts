import { MARK, type Mark, replaceValues } from "./replace-values.js";

/** Shared memory in one process: a buffer, and the WebAssembly memory over it when kernels run on it. */
export interface SharedBuffer {
  readonly buffer: SharedArrayBuffer;
  readonly memory: WebAssembly.Memory | undefined;
}

/** Stands for a shared buffer, a memory, or a typed array over a shared buffer. */
interface SharedMark extends Mark {
  readonly [MARK]: "buffer" | "memory" | "view";
  readonly id: number;
  readonly type?: string;
  readonly at?: number;
  readonly length?: number;
}

/** A number for each piece of shared memory; `wasm` asks for one that can be opened as a WebAssembly memory. */
export type NumberOf = (buffer: SharedArrayBuffer, wasm: boolean) => number;

const views: Readonly<Record<string, new (buffer: SharedArrayBuffer, at: number, length: number) => ArrayBufferView>> =
  {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
    Buffer: Uint8Array,
  };

/** What stands for a value that is shared memory, else undefined. */
export function sharedMark(value: object, numberOf: NumberOf): SharedMark | undefined {
  if (value instanceof SharedArrayBuffer) return { [MARK]: "buffer", id: numberOf(value, false) };
  if (value instanceof WebAssembly.Memory) {
    const buffer = value.buffer as unknown as SharedArrayBuffer;
    return { [MARK]: "memory", id: numberOf(buffer, true) };
  }
  if (ArrayBuffer.isView(value) && value.buffer instanceof SharedArrayBuffer) {
    const length = value instanceof DataView ? value.byteLength : (value as Uint8Array).length;
    const type = value.constructor.name;
    return { [MARK]: "view", id: numberOf(value.buffer, false), type, at: value.byteOffset, length };
  }
  return undefined;
}

/** The shared memory that a mark stands for. */
export function sharedValue(mark: Mark, bufferOf: (id: number) => SharedBuffer): object | undefined {
  const { [MARK]: kind, id, type, at, length } = mark as SharedMark;
  if (kind === "buffer") return bufferOf(id).buffer;
  if (kind === "memory") return bufferOf(id).memory;
  if (kind === "view") return new views[type!](bufferOf(id).buffer, at!, length!);
  return undefined;
}

const PAGE = 65_536;
const MAX_PAGES = 65_536;

/** Shared memory with the given contents. */
export function sharedCopy(bytes: Uint8Array, wasm: boolean): SharedBuffer {
  return filledShared(bytes.byteLength, wasm, (target) => target.set(bytes));
}

/** Shared memory of a length, filled by `fill`. */
export function filledShared(length: number, wasm: boolean, fill: (target: Uint8Array) => void): SharedBuffer {
  let memory: WebAssembly.Memory | undefined;
  if (wasm) memory = new WebAssembly.Memory({ initial: Math.ceil(length / PAGE), maximum: MAX_PAGES, shared: true });
  const buffer = memory ? (memory.buffer as unknown as SharedArrayBuffer) : new SharedArrayBuffer(length);
  fill(new Uint8Array(buffer, 0, length));
  return { buffer, memory };
}

/** The graph with marks put back. */
export const restoreValues = (root: unknown, restore: (mark: Mark) => object | undefined): unknown =>
  replaceValues(root, (value) => (MARK in value ? restore(value as Mark) : undefined));
