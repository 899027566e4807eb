import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { TaskContext } from "../../../src/exec/index.js";

/** Where the images of {@link taskContext} go, and how to remove them. */
export function imageFiles(): { readonly directory: string; remove(): void } {
  const directory = join(tmpdir(), `kindling-images-${process.pid}-${Math.random().toString(36).slice(2)}`);
  mkdirSync(directory, { recursive: true });
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** A task with so many bytes for blocks that stay resident; further ones become images in the directory. */
export function taskContext(budget: number, directory?: string): TaskContext {
  let left = budget;
  let files = 0;
  const none = (): never => {
    throw new Error("the layout of training data does not store batches");
  };
  return {
    stageId: 1,
    partitionId: 0,
    numPartitions: 1,
    attempt: 0,
    taskAttemptId: 0,
    checkCancelled: () => undefined,
    memory: { acquire: () => false, release: () => undefined, held: 0 },
    blocks: {
      store: none,
      spill: none,
      discard: () => undefined,
      keep(bytes, make) {
        if (bytes > left) return undefined;
        left -= bytes;
        return make();
      },
      storeImage(image) {
        const path = join(directory!, `image-${files++}`);
        writeFileSync(path, image);
        const origin = { stageId: 1, partition: 0 };
        const bytes = image.byteLength;
        return { file: { path, offset: 0, bytes, checksum: crc32(image), memoryBytes: bytes, kernels: true, origin } };
      },
    },
  } as TaskContext;
}
