import { FileMethods } from "./files/file-methods.js";

/**
 * A collection cut into partitions that are computed on the workers, again whenever they are needed unless they are persisted.
 * Transformations are declared at once and touch no data; actions run jobs and return promises.
 * Functions run on the workers with copies of what they close over.
 */
export class RDD<T> extends FileMethods<T> {}
