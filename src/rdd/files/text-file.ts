import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { SparkContext } from "../spark-context.js";
import { isCompressed } from "./byte-source.js";
import { textSplits, type FileSplit } from "./file-split.js";
import { linesOf, openLines } from "./line-reader.js";
import { listInput } from "./list-input.js";

/** What Spark declares as a HadoopRDD and a map over it. */
export function hadoopRdd<T>(
  context: SparkContext,
  path: string,
  operator: string,
  splits: () => Promise<readonly unknown[]>,
  params?: unknown,
): RDD<T> {
  const files = context.rdd<T>({
    className: "HadoopRDD",
    operator,
    params,
    name: path,
    plan: async () => ({ dependencies: [], splits: await splits() }),
  });
  return files.narrow<T>("rdd.same", undefined).setName(path);
}

defineRddOperator({
  name: "rdd.same",
  transduce: (_, sink) => sink,
});

/** Lines of text files, in `minPartitions` splits at least as far as the files can be cut. */
export const textFile = (context: SparkContext, path: string, minPartitions: number): RDD<string> =>
  hadoopRdd<string>(context, path, "rdd.textFile", async () =>
    textSplits(await listInput(path), minPartitions, (file) => !isCompressed(file)),
  );

defineRddOperator<undefined, FileSplit>({
  name: "rdd.textFile",
  iterate: ({ split }) => linesOf(split),
  push({ split, task }, sink) {
    const lines = openLines(split);
    try {
      let left = CHECK_LINES;
      for (let line = lines.next(); line !== undefined; line = lines.next()) {
        if (!sink(line)) return false;
        if (--left > 0) continue;
        left = CHECK_LINES;
        task.checkCancelled();
      }
      return true;
    } finally {
      lines.close();
    }
  },
});
const CHECK_LINES = 8192;
