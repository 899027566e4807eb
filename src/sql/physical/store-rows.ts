import { toBlock, type Batch } from "../../columnar/index.js";
import type { StorageFlags, TaskContext } from "../../exec/index.js";
import type { StoredBlock } from "../plan/index.js";
import { batchBytes, piecesOf } from "./pieces.js";

type Blocks = Pick<TaskContext, "blocks">;

const diskOnly: StorageFlags = {
  useDisk: true,
  useMemory: false,
  useOffHeap: false,
  deserialized: false,
  replication: 1,
};

/** Rows for later stages in one block of shared memory; undefined when there is no room, or they go to other processes. */
export function keepRows(batch: Batch, { blocks }: Blocks): StoredBlock | undefined {
  if (blocks.sharesFiles) return undefined;
  const block = blocks.keep(batchBytes(batch), () => toBlock(batch));
  return block && { block, numRows: batch.numRows };
}

/** Rows for later stages in a file. */
export const fileRows = (batch: Batch, { blocks }: Blocks): StoredBlock => ({
  block: blocks.store(batch, { level: diskOnly }),
  numRows: batch.numRows,
});

/** Rows for later stages: one block while there is memory, else files of pieces that a reader takes one by one. */
export function storeRows(batch: Batch, context: Blocks): StoredBlock[] {
  if (batch.numRows === 0) return [];
  const kept = keepRows(batch, context);
  return kept ? [kept] : Array.from(piecesOf(batch), (piece) => fileRows(piece, context));
}
