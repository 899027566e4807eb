import { deserialize } from "node:v8";
import type { BlockOrigin, RemoteBlock } from "../../../memory/index.js";
import type { ForeignPayload } from "../worker-task.js";
import { cloneBytes } from "./clone-bytes.js";
import { MARK, type Mark, replaceValues, walk } from "./replace-values.js";
import { type NumberOf, restoreValues, sharedMark, sharedValue } from "./shared-values.js";

/** A payload on its way to an executor process. */
export interface EncodedPayload {
  readonly bytes: Uint8Array;
  /** Shared memory that it names: the executor must have it before the task starts. */
  readonly shared: readonly number[];
  /** Blocks of that executor that it names. */
  readonly blocks: readonly NamedBlock[];
}

/** A block that lies in the executor, and the task that makes it again should it not be there any more. */
export interface NamedBlock {
  readonly id: string;
  readonly origin: BlockOrigin | undefined;
}

interface BlockMark extends Mark {
  readonly [MARK]: "block";
  readonly id: string;
  /** What else the object held: a trainer's `info` about the block. */
  readonly rest: object;
}

export const isRemoteBlock = (value: object): value is RemoteBlock => {
  if (!("remote" in value)) return false;
  const { remote } = value as { remote: unknown };
  return typeof remote === "object" && remote !== null && "executor" in remote && "id" in remote;
};

/** Blocks of other executor processes than `executor` that a payload names. */
export function blocksElsewhere(payload: unknown, executor: string): RemoteBlock[] {
  const found: RemoteBlock[] = [];
  walk(payload, (value) => {
    if (!isRemoteBlock(value)) return true;
    if (value.remote.executor !== executor) found.push(value);
    return false;
  });
  return found;
}

/**
 * Driver half: the payload as bytes. `numberOf` gives the number under which the executor knows some shared memory;
 * `elsewhere` the file of a block that lies in another executor.
 */
export function encodePayload(
  payload: unknown,
  executor: string,
  numberOf: NumberOf,
  elsewhere: (block: RemoteBlock) => object,
): EncodedPayload {
  const shared = new Set<number>();
  const blocks = new Map<string, NamedBlock>();
  const named: NumberOf = (buffer, wasm) => {
    const id = numberOf(buffer, wasm);
    shared.add(id);
    return id;
  };
  const plain = replaceValues(payload, (value) => {
    if (!isRemoteBlock(value)) return sharedMark(value, named);
    const { remote, ...rest } = value;
    if (remote.executor !== executor) return { ...elsewhere(value), ...rest };
    const { id, origin } = remote;
    blocks.set(id, { id, origin });
    return { [MARK]: "block", id, rest } satisfies BlockMark;
  });
  return { bytes: cloneBytes(plain), shared: [...shared], blocks: [...blocks.values()] };
}

/** Worker half: the payload with shared memory and blocks of its own process. */
export function decodePayload({ bytes, shared, blocks }: ForeignPayload): unknown {
  return restoreValues(deserialize(bytes), (mark) => {
    if (mark[MARK] === "block") {
      const { id, rest } = mark as BlockMark;
      const block = blocks.get(id);
      return { ...block, ...rest };
    }
    return sharedValue(mark, (id) => shared.get(id)!);
  });
}
