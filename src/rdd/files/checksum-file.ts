import { closeSync, openSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { crc32 } from "node:zlib";

/** Bytes that one checksum covers. */
const CHUNK = 512;
const BUFFER_BYTES = 1 << 18;

/** Name of the file that Hadoop's local file system keeps the checksums of `path` in. */
export const checksumPath = (path: string): string => join(dirname(path), `.${basename(path)}.crc`);

/**
 * Writes a file and beside it `.name.crc`, as Hadoop's local file system does: "crc\0", the chunk size as a big-endian int, then
 * the CRC-32 of each chunk, big-endian.
 */
export class ChecksumFile {
  private readonly data: number;
  private readonly sums: number;
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private used = 0;

  constructor(path: string) {
    this.data = openSync(path, "w");
    this.sums = openSync(checksumPath(path), "w");
    const header = Buffer.from("crc\0\0\0\0\0", "latin1");
    header.writeInt32BE(CHUNK, 4);
    writeSync(this.sums, header);
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + BUFFER_BYTES - this.used);
      this.buffer.set(part, this.used);
      this.used += part.length;
      at += part.length;
      if (this.used === BUFFER_BYTES) this.flush();
    }
  }

  close(): void {
    this.flush();
    closeSync(this.data);
    closeSync(this.sums);
  }

  /** Every flush but the last one is of whole chunks. */
  private flush(): void {
    const filled = this.buffer.subarray(0, this.used);
    const sums = Buffer.allocUnsafe(Math.ceil(this.used / CHUNK) * 4);
    for (let at = 0, to = 0; at < this.used; at += CHUNK, to += 4) {
      sums.writeUInt32BE(crc32(filled.subarray(at, at + CHUNK)), to);
    }
    writeSync(this.data, filled);
    writeSync(this.sums, sums);
    this.used = 0;
  }
}
