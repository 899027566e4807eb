import { deserialize } from "node:v8";
import type { RemoteBlock, ResidentBlock } from "../../../memory/index.js";
import type { StoredReceipt, TaskReply } from "../../task.js";
import { cloneBytes } from "./clone-bytes.js";
import { replaceValues } from "./replace-values.js";
import { restoreValues, type SharedBuffer, sharedMark, sharedValue } from "./shared-values.js";

/** A task's reply on its way from a worker of an executor process to the driver. */
export interface EncodedReply {
  readonly bytes: Uint8Array;
  /** Shared memory that the bytes name, by number: the driver gets a copy. */
  readonly shared: ReadonlyMap<number, { readonly buffer: SharedArrayBuffer; readonly wasm: boolean }>;
  /** Blocks that stay in the executor, by the id under which the driver knows them. */
  readonly blocks: ReadonlyMap<string, ResidentBlock>;
  /** What of these takes pages of the executor's memory budget. */
  readonly stored?: StoredReceipt;
}

export const isResidentBlock = (value: object): value is ResidentBlock =>
  "buffer" in value && "memory" in value && value.buffer instanceof SharedArrayBuffer;

/** Worker half: resident blocks travel under the names that `nameOf` gives them. */
export function encodeReply(reply: TaskReply, nameOf: (block: ResidentBlock) => RemoteBlock): EncodedReply {
  const shared = new Map<number, { buffer: SharedArrayBuffer; wasm: boolean }>();
  const numbers = new Map<SharedArrayBuffer, number>();
  const blocks = new Map<string, ResidentBlock>();
  const numberOf = (buffer: SharedArrayBuffer, wasm: boolean): number => {
    const number = numbers.get(buffer) ?? numbers.size;
    numbers.set(buffer, number);
    shared.set(number, { buffer, wasm: wasm || (shared.get(number)?.wasm ?? false) });
    return number;
  };
  const plain = replaceValues(reply, (value) => {
    if (!isResidentBlock(value)) return sharedMark(value, numberOf);
    const { buffer, memory, ...rest } = value;
    const name = nameOf(value);
    blocks.set(name.remote.id, { buffer, memory });
    return { ...name, ...rest };
  });
  return { bytes: cloneBytes(plain), shared, blocks };
}

/** Driver half: the reply with its shared memory in this process. */
export const decodeReply = (bytes: Uint8Array, shared: ReadonlyMap<number, SharedBuffer>): TaskReply =>
  restoreValues(deserialize(bytes), (mark) => sharedValue(mark, (number) => shared.get(number)!)) as TaskReply;
