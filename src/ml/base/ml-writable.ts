import { MLReader } from "./ml-reader.js";
import { MLWriter } from "./ml-writer.js";
import { Params } from "./params.js";
import type { StageClass } from "./registry.js";

/** Anything that is saved in Spark's model format: `write().overwrite().save(path)`, `save(path)`, `X.load(path)`. */
export abstract class MLWritable extends Params {
  write(): MLWriter {
    return new MLWriter(this);
  }

  /** Saves into a new directory; use `write().overwrite().save(path)` to replace an old one. */
  save(path: string): Promise<void> {
    return this.write().save(path);
  }

  static read<T extends Params>(this: StageClass<T>): MLReader<T> {
    return new MLReader<T>(this);
  }

  /** Loads an instance of this class saved by kindling or Spark. */
  static load<T extends Params>(this: StageClass<T>, path: string): Promise<T> {
    return new MLReader<T>(this).load(path);
  }
}
