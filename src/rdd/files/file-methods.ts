import { JoinMethods } from "../pair/join-methods.js";
import type { RDD } from "../rdd.js";
import { saveAsObjectFile } from "./object-file.js";
import { pipe, type PipeOptions } from "./pipe.js";
import { saveAsTextFile } from "./save-as-text-file.js";

/** What goes to files and to other programs. */
export abstract class FileMethods<T> extends JoinMethods<T> {
  /**
   * Writes one line an element, as Java would print it, into `part-00000`... of a new directory, with checksums and `_SUCCESS`.
   * `compressionCodecClass` is a class of Hadoop's, such as `org.apache.hadoop.io.compress.GzipCodec`.
   */
  saveAsTextFile(path: string, compressionCodecClass?: string): Promise<void> {
    return saveAsTextFile(this.self, path, compressionCodecClass);
  }
  /** Writes the elements into a new directory from which `SparkContext.objectFile` reads them. */
  saveAsObjectFile(path: string): Promise<void> {
    return saveAsObjectFile(this.self, path, 10);
  }
  /** As {@link saveAsObjectFile}, with `batchSize` elements to a record. */
  saveAsPickleFile(path: string, batchSize = 10): Promise<void> {
    return saveAsObjectFile(this.self, path, batchSize);
  }

  /**
   * Lines that a command prints when it is given the elements as lines, one process a partition. A text is cut at white space; an
   * array is taken as it is. `env` is added to this process's environment. A process that ends with another status than 0 fails the
   * job, as in Spark's Scala API; `checkCode` false accepts it, as in PySpark.
   */
  pipe(
    command: string | readonly string[],
    env: Readonly<Record<string, string>> = {},
    checkCode = true,
    options: PipeOptions<T> = {},
  ): RDD<string> {
    return pipe(this.self, command, env, checkCode, options);
  }
}
