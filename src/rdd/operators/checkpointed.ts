import type { Batch } from "../../columnar/index.js";
import { SparkException } from "../../common/index.js";
import { readCheckpointPart, writeCheckpointPart } from "../../storage/index.js";
import { defineRddAction } from "../action.js";
import { decodeInto, decodeLazily, ElementBuilder } from "../codec/index.js";
import { defineRddOperator, type Source } from "../operator.js";

const BLOCK_BYTES = 4 * 2 ** 20;

/** Elements in batches, one at a time. */
function* batchesOf(source: Source): Generator<Batch> {
  const builder = new ElementBuilder();
  for (const element of source.iterate()) {
    builder.append(element);
    if ((builder.length & 255) !== 0 || builder.bytes <= BLOCK_BYTES) continue;
    yield { numRows: builder.length, columns: [builder.finish()] };
  }
  if (builder.length > 0) yield { numRows: builder.length, columns: [builder.finish()] };
}

/** Writes a partition into the directory of a reliable checkpoint. */
defineRddAction<string, number>({
  name: "rdd.writeCheckpoint",
  run: (source, directory, { partition }) => writeCheckpointPart(directory, partition, batchesOf(source)),
});

/** Elements of a partition of a reliable checkpoint; `params` is its directory. */
defineRddOperator<string>({
  name: "rdd.checkpointed",
  *iterate({ params, partition }) {
    for (const batch of readCheckpointPart(params, partition)) yield* decodeLazily(batch);
  },
  push({ params, partition, task }, sink) {
    for (const batch of readCheckpointPart(params, partition)) {
      task.checkCancelled();
      if (!decodeInto(batch, sink)) return false;
    }
    return true;
  },
});

/** What a local checkpoint has when its cached partition is gone: nothing, for its lineage was cut. */
defineRddOperator<number>({
  name: "rdd.lostCheckpoint",
  iterate({ params: id, partition }) {
    const block = `rdd_${id}_${partition}`;
    throw new SparkException(
      `Checkpoint block ${block} not found! Either the executor that originally checkpointed this partition is no longer alive, or the original RDD is unpersisted. If this problem persists, you may consider using rdd.checkpoint() instead, which is slower than local checkpointing but more fault-tolerant.`,
      { condition: "CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND", parameters: { rddBlockId: block } },
    );
  },
});
