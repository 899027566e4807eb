import { defineTask, readImage } from "../../exec/index.js";
import { type BlockFile, isFile } from "../../memory/index.js";
import type { DataFrame, RunOptions } from "../../sql/api/index.js";
import type { InstancesPayload, LaidOutBlock } from "./instance-block.js";
import { instances } from "./instance-blocks.js";
import type { LayoutSource } from "./instance-layout.js";

/** Reads images once more: one that is gone or damaged fails the task, and the scheduler has the partition laid out again. */
export const checkImages = defineTask<readonly BlockFile[], undefined>({
  name: "ml.instances.check",
  async run(files, context) {
    let buffer = new ArrayBuffer(0);
    for (const file of files) {
      context.checkCancelled();
      if (buffer.byteLength < file.bytes) buffer = new ArrayBuffer(file.bytes);
      readImage(file, new Uint8Array(buffer, 0, file.bytes), true);
    }
    return undefined;
  },
});

export interface KeptLayout extends LayoutSource {
  readonly blocks: readonly LaidOutBlock[];
}

/**
 * Lays a data frame out. Its job goes on until the blocks are released, so that lost ones can be computed again from what
 * the job keeps, and so that cancelling the job ends the passes over them.
 */
export function keepLayout(df: DataFrame, payload: InstancesPayload, options: RunOptions): Promise<KeptLayout> {
  return new Promise((resolve, reject) => {
    const job = df.keepPartitions(instances, payload, options, async (output, { job: { id, signal } }) => {
      signal.throwIfAborted();
      const over = new Promise<void>((release) => {
        signal.addEventListener("abort", () => release(), { once: true });
        const refresh = async (): Promise<readonly LaidOutBlock[]> => {
          await df.sparkSession.state.scheduler.runStage(
            { id, signal },
            {
              name: checkImages.name,
              task: checkImages.name,
              numTasks: output.numTasks,
              inputs: [output],
              payload: (partition) =>
                output.result(partition).flatMap(({ block }) => (isFile(block) ? [block.file] : [])),
            },
          );
          return output.results().flat();
        };
        resolve({ blocks: output.results().flat(), signal, refresh, release });
      });
      await over;
    });
    // Once the layout is there, a cancelled job is reported by the passes, which have its signal.
    job.catch(reject);
  });
}
