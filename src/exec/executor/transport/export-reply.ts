import { threadId } from "node:worker_threads";
import { fromBlock } from "../../../columnar/index.js";
import { blockBytes, isResident, type RemoteBlock, type ResidentBlock } from "../../../memory/index.js";
import type { BlockWriter, StorageFlags, TaskContext } from "../../partition-function.js";
import type { StoredReceipt, TaskReply } from "../../task.js";
import { encodeReply, type EncodedReply, isResidentBlock } from "./foreign-reply.js";
import { replaceValues, walk } from "./replace-values.js";

const diskOnly: StorageFlags = {
  useDisk: true,
  useMemory: false,
  useOffHeap: false,
  deserialized: false,
  replication: 1,
};

/** How a task of an executor process keeps rows: what others will read goes to a file at once. */
export function sharingWriter(blocks: BlockWriter): BlockWriter {
  return {
    sharesFiles: true,
    store: (batch, options = {}) => {
      const stays = options.kernels || options.group !== undefined;
      return blocks.store(batch, stays ? options : { ...options, level: diskOnly });
    },
    spill: (batch) => blocks.spill(batch),
    discard: (block) => blocks.discard(block),
    keep: (bytes, make) => blocks.keep(bytes, make),
    storeImage: (image) => blocks.storeImage(image),
  };
}

let named = 0;

/**
 * A task's reply as it leaves an executor process. Blocks on which kernels run, and those of cached partitions, stay here
 * and get a name; other resident blocks are written to files. `handOver` ends the task's storage; what it stored is told
 * to both sides: pages to this process's block store, files and names to the driver's.
 */
export function exportReply(
  reply: TaskReply,
  executor: string,
  { blocks, stageId, partitionId }: TaskContext,
  handOver: () => StoredReceipt | undefined,
): EncodedReply {
  const cached = new Set<object>(reply.cached?.flatMap(({ blocks: stored }) => stored.map(({ block }) => block)));
  const written = replaceValues(reply, (value) =>
    isResidentBlock(value) && !value.memory && !cached.has(value)
      ? blocks.store(fromBlock(value), { level: diskOnly })
      : undefined,
  ) as TaskReply;
  const receipt = handOver();
  const names = new Map<SharedArrayBuffer, RemoteBlock>();
  const nameOf = (block: ResidentBlock): RemoteBlock => {
    let name = names.get(block.buffer);
    if (!name) {
      const origin = { stageId, partition: partitionId };
      const id = `${threadId}.${named++}`;
      name = { remote: { executor, id, bytes: blockBytes(block), kernels: block.memory !== undefined, origin } };
      names.set(block.buffer, name);
    }
    return name;
  };
  const stored = [...(receipt?.blocks ?? []), ...unaccounted(written, receipt)];
  const told = { slot: 0, stageId, blocks: stored, pages: stored.map(() => 0) };
  const encoded = encodeReply({ ...written, stored: told }, nameOf);
  const own =
    receipt?.blocks.map((block, i) => ({ block, pages: receipt.pages[i] })).filter(({ block }) => isResident(block)) ??
    [];
  return {
    ...encoded,
    ...(receipt && own.length > 0
      ? { stored: { ...receipt, blocks: own.map(({ block }) => block), pages: own.map(({ pages }) => pages) } }
      : {}),
  };
}

/** Blocks that the task made without its block writer: the driver lets go of them as of the others. */
function unaccounted(reply: TaskReply, receipt: StoredReceipt | undefined): ResidentBlock[] {
  const known = new Set(receipt?.blocks.flatMap((block) => (isResident(block) ? [block.buffer] : [])));
  const found: ResidentBlock[] = [];
  walk(reply, (value) => {
    if (!isResidentBlock(value)) return true;
    const { buffer, memory } = value;
    if (!known.has(buffer)) found.push({ buffer, memory });
    known.add(buffer);
    return false;
  });
  return found;
}
