import { join } from "node:path";
import { IllegalArgumentException } from "../../common/index.js";
import { defineRddAction } from "../action.js";
import type { RDD } from "../rdd.js";
import { ChecksumFile } from "./checksum-file.js";
import { javaString } from "./java-string.js";
import { outputCodec } from "./output-codec.js";
import { attemptDirectory, partName, writeDirectory } from "./output-directory.js";

interface Params {
  readonly directory: string;
  readonly codec: string | undefined;
}
/** Characters of text that are written at a time. */
const FLUSH_CHARACTERS = 1 << 16;

defineRddAction<Params, readonly [number, string]>({
  name: "rdd.saveAsTextFile",
  run(source, { directory, codec }, { task, partition }) {
    const compression = outputCodec(codec);
    const name = partName(partition, compression?.extension ?? "");
    const file = new ChecksumFile(join(attemptDirectory(directory, task.taskAttemptId), name));
    const compress = compression?.open();
    let text = "";
    const flush = (last: boolean): void => {
      const bytes = Buffer.from(text, "utf8");
      text = "";
      file.write(compress ? compress(bytes, last) : bytes);
      task.checkCancelled();
    };
    try {
      source.push((element: unknown) => {
        if (element === null || element === undefined) {
          throw new IllegalArgumentException("requirement failed: text output does not allow null rows");
        }
        text += javaString(element);
        text += "\n";
        if (text.length >= FLUSH_CHARACTERS) flush(false);
        return true;
      });
      flush(true);
    } finally {
      file.close();
    }
    return [task.taskAttemptId, name];
  },
});

/** Writes one line an element into one file a partition, as Hadoop lays them out. */
export async function saveAsTextFile<T>(rdd: RDD<T>, path: string, codec: string | undefined): Promise<void> {
  outputCodec(codec);
  await writeDirectory(path, (directory) => {
    const params: Params = { directory, codec };
    return rdd.runAction<readonly [number, string]>("rdd.saveAsTextFile", params);
  });
}
