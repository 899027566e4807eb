import { closeSync, openSync, readSync } from "node:fs";
import type { SharedContent } from "../executor-messages.js";
import { filledShared, type SharedBuffer, sharedCopy } from "./shared-values.js";

/** Shared memory of this process with the contents that another one sent. */
export function readShared({ wasm, content }: SharedContent): SharedBuffer {
  if (content instanceof Uint8Array) return sharedCopy(content, wasm);
  return filledShared(content.bytes, wasm, (target) => {
    const fd = openSync(content.path, "r");
    try {
      for (let at = 0; at < target.byteLength;) {
        const read = readSync(fd, target, at, Math.min(target.byteLength - at, 2 ** 30), at);
        if (read === 0) throw new Error(`${content.path} ends after ${at} of ${content.bytes} bytes`);
        at += read;
      }
    } finally {
      closeSync(fd);
    }
  });
}
