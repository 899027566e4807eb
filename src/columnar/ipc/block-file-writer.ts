import { closeSync, ftruncateSync, openSync, rmSync, writevSync } from "node:fs";
import { crc32 } from "node:zlib";
import { SparkException } from "../../common/index.js";
import type { BlockFile, BlockOrigin } from "../../memory/index.js";
import type { Batch } from "../column.js";
import { encodeStream } from "./encode-stream.js";

export interface BlockFileOptions {
  /** Whether kernels are to run on the block once it is resident. */
  readonly kernels?: boolean;
  /** LZ4 frames instead of plain buffers. */
  readonly compress?: boolean;
  readonly origin?: BlockOrigin;
  /** Bytes when resident; by default what is written. */
  readonly memoryBytes?: number;
}

/** Buffers of one system call at most (IOV_MAX). */
const MAX_PARTS = 1000;

/** A file that blocks are appended to; each is a complete Arrow IPC stream, and what could not be written whole is cut off. */
export class BlockFileWriter {
  private descriptor: number | undefined;
  private length = 0;

  constructor(readonly path: string) {
    try {
      this.descriptor = openSync(path, "w");
    } catch (cause) {
      throw diskError(cause, path, 0);
    }
  }

  get bytes(): number {
    return this.length;
  }

  /** Appends a batch. Disk full, quota and I/O errors are a SparkException that names the way out. */
  write(batch: Batch, options: BlockFileOptions = {}): BlockFile {
    const { parts, bytes } = encodeStream(batch, options.compress);
    return this.append(parts, bytes, options);
  }

  /** Appends bytes as they are: a block that is a stream already, or the image of a kernel block. */
  writeBytes(bytes: Uint8Array, options: BlockFileOptions = {}): BlockFile {
    return this.append([bytes], bytes.byteLength, options);
  }

  close(): void {
    if (this.descriptor === undefined) return;
    closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  /** Closes and deletes the file. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  private append(parts: readonly Uint8Array[], bytes: number, options: BlockFileOptions): BlockFile {
    if (this.descriptor === undefined) throw new Error(`${this.path} is closed`);
    const offset = this.length;
    try {
      for (let at = 0; at < parts.length; at += MAX_PARTS) this.writeAll(parts.slice(at, at + MAX_PARTS));
    } catch (cause) {
      ftruncateQuietly(this.descriptor, offset);
      this.length = offset;
      throw diskError(cause, this.path, bytes);
    }
    let checksum = 0;
    for (const part of parts) checksum = crc32(part, checksum);
    return {
      path: this.path,
      offset,
      bytes,
      checksum,
      memoryBytes: options.memoryBytes ?? bytes,
      kernels: options.kernels ?? false,
      ...(options.origin ? { origin: options.origin } : {}),
    };
  }

  private writeAll(parts: readonly Uint8Array[]): void {
    let rest = parts.filter((part) => part.byteLength > 0);
    while (rest.length > 0) {
      let written = writevSync(this.descriptor!, rest, this.length);
      this.length += written;
      let whole = 0;
      while (whole < rest.length && written >= rest[whole].byteLength) written -= rest[whole++].byteLength;
      rest = rest.slice(whole);
      if (written > 0) rest[0] = rest[0].subarray(written);
    }
  }
}

/** The error to report is the one that came first. */
function ftruncateQuietly(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch {
    // The file is deleted with its task or directory.
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "there is no space left on the device",
  EDQUOT: "the disk quota is used up",
  EIO: "the device reports an input/output error",
  EROFS: "the file system is read-only",
  EACCES: "the directory is not writable",
  EMFILE: "too many files are open",
};

/** A failed write to local storage as an error that says what to do. */
export function diskError(cause: unknown, path: string, bytes: number): SparkException {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = reasons[code ?? ""] ?? message;
  return new SparkException(
    `Cannot write ${bytes} bytes to ${path}: ${reason}. ` +
      `Free some space, or set "spark.local.dir" to a directory on a larger disk.`,
    { condition: "CANNOT_WRITE_LOCAL_FILE", parameters: { path, bytes: String(bytes), code: code ?? "" }, cause },
  );
}
