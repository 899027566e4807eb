import { join } from "node:path";
import { defineRddAction } from "../action.js";
import { deserializeValue, serializeValue } from "../codec/index.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { SparkContext } from "../spark-context.js";
import { plainBytes } from "./byte-source.js";
import { ChecksumFile } from "./checksum-file.js";
import { textSplits, type FileSplit } from "./file-split.js";
import { listInput } from "./list-input.js";
import { attemptDirectory, partName, writeDirectory } from "./output-directory.js";
import { sequenceFileValues, SequenceFileWriter } from "./sequence-file.js";

interface Params {
  readonly directory: string;
  readonly batchSize: number;
}

defineRddAction<Params, readonly [number, string]>({
  name: "rdd.saveAsObjectFile",
  run(source, { directory, batchSize }, { task, partition }) {
    const name = partName(partition, "");
    const file = new ChecksumFile(join(attemptDirectory(directory, task.taskAttemptId), name));
    try {
      const writer = new SequenceFileWriter(file);
      let batch: unknown[] = [];
      source.push((element: unknown) => {
        batch.push(element);
        if (batch.length === batchSize) {
          writer.write(serializeValue(batch));
          batch = [];
        }
        return true;
      });
      if (batch.length > 0) writer.write(serializeValue(batch));
    } finally {
      file.close();
    }
    return [task.taskAttemptId, name];
  },
});

/** Writes the elements, `batchSize` to a record, into one SequenceFile a partition; any element that can be shuffled. */
export async function saveAsObjectFile<T>(rdd: RDD<T>, path: string, batchSize: number): Promise<void> {
  await writeDirectory(path, (directory) => {
    const params: Params = { directory, batchSize };
    return rdd.runAction<readonly [number, string]>("rdd.saveAsObjectFile", params);
  });
}

/** What {@link saveAsObjectFile} wrote. */
export const objectFile = <T>(context: SparkContext, path: string, minPartitions: number): RDD<T> =>
  context.rdd<T>({
    className: "MapPartitionsRDD",
    operator: "rdd.objectFile",
    name: path,
    async plan() {
      return { dependencies: [], splits: textSplits(await listInput(path), minPartitions, () => true) };
    },
  });

defineRddOperator<undefined, FileSplit>({
  name: "rdd.objectFile",
  *iterate({ split: { path, start, length } }) {
    const source = plainBytes(path, 0);
    try {
      for (const bytes of sequenceFileValues(source, start, start + length)) {
        yield* deserializeValue(bytes) as unknown[];
      }
    } finally {
      source.close();
    }
  },
});
