import { open } from "node:fs/promises";
import { join } from "node:path";
import { diskError } from "../../columnar/index.js";
import { isFile, isRemote, type BlockFile } from "../../memory/index.js";
import { makeSpillDirectory } from "../../storage/index.js";
import type { OtherExecutors } from "../cached-blocks.js";
import type { ProcessBackend } from "./process-backend.js";

const CHUNK = 2 ** 20;
let copies = 0;

/** The executors of a local cluster, for the driver's block store. */
export const otherExecutors = (backend: ProcessBackend): OtherExecutors => ({
  ids: () => [...backend.present().keys()],
  ownerOf: (path) => [...backend.directories()].find(([, directory]) => path.startsWith(`${directory}/`))?.[0],
  async copy(block, to) {
    const directory = backend.directories().get(to);
    if (directory === undefined) throw new Error(`executor ${to} is gone`);
    // It may not have written anything itself.
    makeSpillDirectory(directory);
    const source = isRemote(block) ? await backend.fetch(block) : block;
    if (!isFile(source)) throw new Error("a block in the driver's memory is not cached in a local cluster");
    return { file: await copyFile(source.file, join(directory, `replica-${copies++}`)) };
  },
});

/** Copies a block's stretch of its file to a file of its own. */
async function copyFile(file: BlockFile, path: string): Promise<BlockFile> {
  const source = await open(file.path, "r");
  try {
    const target = await open(path, "w");
    try {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, file.bytes));
      for (let at = 0; at < file.bytes;) {
        const { bytesRead } = await source.read(buffer, 0, Math.min(CHUNK, file.bytes - at), file.offset + at);
        if (bytesRead === 0) throw new Error(`${file.path} ends after ${file.offset + at} bytes`);
        await target.write(buffer, 0, bytesRead, at);
        at += bytesRead;
      }
    } catch (cause) {
      throw diskError(cause, path, file.bytes);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  return { ...file, path, offset: 0 };
}
