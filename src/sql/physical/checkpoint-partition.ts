import { definePartitionFunction } from "../../exec/index.js";
import { checkpointBlocks, writeCheckpointPart } from "../../storage/index.js";
import type { StoredBlock } from "../plan/index.js";
import { concatBatches } from "./collect-blocks.js";
import { batchBytes, piecesOf } from "./pieces.js";
import type { Batch } from "../../columnar/index.js";

export interface CheckpointRequest {
  readonly directory: string;
  readonly compress: boolean;
}

const BLOCK_BYTES = 8 * 2 ** 20;

/** Writes a partition to its file in a checkpoint directory; the blocks in it. */
export const checkpointPartition = definePartitionFunction<CheckpointRequest, StoredBlock[]>({
  name: "sql.checkpoint",
  async run({ directory, compress }, batches, context) {
    const checked = async function* (): AsyncGenerator<Batch> {
      for await (const batch of gathered(batches)) {
        context.checkCancelled();
        yield* piecesOf(batch, BLOCK_BYTES);
      }
    };
    await writeCheckpointPart(directory, context.partitionId, checked(), compress);
    return checkpointBlocks(directory, context.partitionId).map(({ file, numRows }) => ({ block: { file }, numRows }));
  },
});

/** Small batches together, so that a block is worth reading. */
async function* gathered(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  let pending: Batch[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    pending.push(batch);
    bytes += batchBytes(batch);
    if (bytes < BLOCK_BYTES) continue;
    yield concatBatches(pending);
    pending = [];
    bytes = 0;
  }
  if (pending.length > 0) yield concatBatches(pending);
}
