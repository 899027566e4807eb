import { encodeStream, type Batch } from "../columnar/index.js";
import type { ResidentBlock } from "../memory/index.js";

/** A batch as one Arrow stream in shared memory: Spark's serialized storage. `fromBlock` unpacks it for every reader. */
export function packBlock(batch: Batch, compress: boolean): ResidentBlock {
  const { parts, bytes } = encodeStream(batch, compress);
  const buffer = new SharedArrayBuffer(bytes);
  const target = new Uint8Array(buffer);
  let at = 0;
  for (const part of parts) {
    target.set(part, at);
    at += part.byteLength;
  }
  return { buffer, memory: undefined };
}
