import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { IllegalArgumentException, IOException } from "../../common/index.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { SparkContext } from "../spark-context.js";
import { openBytes } from "./byte-source.js";
import { combineFiles, recordSplits, type FileSplit, type InputFile } from "./file-split.js";
import { hadoopPath, listInput } from "./list-input.js";
import { hadoopRdd } from "./text-file.js";

/** Pairs of the path and the text of each file, decompressed. */
export const wholeTextFiles = (context: SparkContext, path: string, minPartitions: number): RDD<[string, string]> =>
  hadoopRdd<[string, string]>(context, path, "rdd.wholeTextFiles", async () => {
    const files = await listInput(path);
    const total = files.reduce((sum, { size }) => sum + size, 0);
    return combineFiles(files, Math.ceil(total / Math.max(minPartitions, 1)));
  });

defineRddOperator<undefined, readonly InputFile[]>({
  name: "rdd.wholeTextFiles",
  *iterate({ split, task }) {
    for (const { path } of split) {
      task.checkCancelled();
      yield [hadoopPath(path), readAll(path).toString("utf8")];
    }
  },
});

/** The whole content, decompressed. */
function readAll(path: string): Buffer {
  const source = openBytes(path);
  const chunks: Buffer[] = [];
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(1 << 18);
      const bytes = source.read(chunk);
      if (bytes === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, bytes));
    }
  } finally {
    source.close();
  }
}

/** Bytes a file counts for opening it, and the most that one partition takes, unless configured otherwise. */
const OPEN_COST_BYTES = 4 * 2 ** 20;
const MAX_PARTITION_BYTES = 128 * 2 ** 20;

/** Pairs of the path and the bytes of each file. */
export const binaryFiles = (context: SparkContext, path: string, minPartitions: number): RDD<[string, Uint8Array]> =>
  context.rdd<[string, Uint8Array]>({
    className: "BinaryFileRDD",
    operator: "rdd.binaryFiles",
    name: path,
    async plan() {
      const files = await listInput(path);
      const total = files.reduce((sum, { size }) => sum + size + OPEN_COST_BYTES, 0);
      const perCore = Math.floor(total / Math.max(context.defaultParallelism, minPartitions));
      return {
        dependencies: [],
        splits: combineFiles(files, Math.min(MAX_PARTITION_BYTES, Math.max(OPEN_COST_BYTES, perCore))),
      };
    },
  });

defineRddOperator<undefined, readonly InputFile[]>({
  name: "rdd.binaryFiles",
  *iterate({ split, task }) {
    for (const { path } of split) {
      task.checkCancelled();
      yield [hadoopPath(path), new Uint8Array(readFileSync(path))];
    }
  },
});

/** Records of `recordLength` bytes each. */
export function binaryRecords(context: SparkContext, path: string, recordLength: number): RDD<Uint8Array> {
  if (!Number.isInteger(recordLength) || recordLength <= 0) {
    throw new IllegalArgumentException(`requirement failed: record length must be positive; got ${recordLength}`);
  }
  return hadoopRdd<Uint8Array>(
    context,
    path,
    "rdd.binaryRecords",
    async () => recordSplits(await listInput(path), recordLength),
    recordLength,
  );
}

defineRddOperator<number, FileSplit>({
  name: "rdd.binaryRecords",
  *iterate({ params: recordLength, split: { path, start, length } }) {
    const fd = openSync(path, "r");
    try {
      for (let at = start; at < start + length; at += recordLength) {
        const record = new Uint8Array(recordLength);
        if (readSync(fd, record, 0, recordLength, at) < recordLength) {
          throw new IOException(
            `${path} ends inside the record at byte ${at}: its size is no multiple of ${recordLength}`,
          );
        }
        yield record;
      }
    } finally {
      closeSync(fd);
    }
  },
});
