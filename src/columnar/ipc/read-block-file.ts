import { closeSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { FetchFailedException } from "../../common/index.js";
import type { BlockFile } from "../../memory/index.js";
import type { Batch } from "../column.js";
import { decodeStream } from "./decode-stream.js";

/**
 * The batch of a block in a file, or some of its columns, in private memory. What is gone or damaged is a
 * FetchFailedException that names the task to run again.
 */
export function readBlockFile(file: BlockFile, columns?: readonly number[]): Batch {
  const bytes = Buffer.allocUnsafeSlow(file.bytes);
  readBlockBytes(file, bytes);
  try {
    return decodeStream(bytes.buffer, columns);
  } catch (cause) {
    throw fetchFailed(file, `cannot be decoded: ${(cause as Error).message}`, cause);
  }
}

/** Reads a block's bytes, checksum verified, into `target` (`file.bytes` long, shared memory or not). */
export function readBlockBytes(file: BlockFile, target: Uint8Array): void {
  let descriptor: number;
  try {
    descriptor = openSync(file.path, "r");
  } catch (cause) {
    throw fetchFailed(file, `cannot be opened: ${(cause as Error).message}`, cause);
  }
  try {
    for (let at = 0; at < file.bytes;) {
      const read = readSync(descriptor, target, at, file.bytes - at, file.offset + at);
      if (read === 0) throw new Error(`it ends after ${file.offset + at} bytes`);
      at += read;
    }
  } catch (cause) {
    throw fetchFailed(file, `cannot be read: ${(cause as Error).message}`, cause);
  } finally {
    closeSync(descriptor);
  }
  const found = crc32(target.subarray(0, file.bytes));
  if (found !== file.checksum) {
    throw fetchFailed(file, `is damaged: checksum ${found.toString(16)} instead of ${file.checksum.toString(16)}`);
  }
}

function fetchFailed(file: BlockFile, problem: string, cause?: unknown): FetchFailedException {
  const { path, offset, bytes, origin } = file;
  const maker = origin ? `partition ${origin.partition} of stage ${origin.stageId}` : "the task that wrote it";
  return new FetchFailedException(
    `The block of ${bytes} bytes at ${offset} of ${path}, made by ${maker}, ${problem}.`,
    {
      parameters: {
        path,
        stageId: String(origin?.stageId ?? -1),
        partition: String(origin?.partition ?? -1),
      },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
