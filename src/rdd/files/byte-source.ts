import { closeSync, openSync, readSync } from "node:fs";
import { extname } from "node:path";
import { UnsupportedOperationException } from "../../common/index.js";
import { inflated } from "./sync-inflate.js";

/** Bytes that are read one buffer after another, synchronously. */
export interface ByteSource {
  /** Fills the buffer from its start as far as it can and returns the number of bytes; 0 at the end. */
  read(buffer: Buffer): number;
  close(): void;
}

/** The bytes of a file from `start` on. */
export function plainBytes(path: string, start: number): ByteSource {
  const fd = openSync(path, "r");
  let position = start;
  return {
    read(buffer) {
      const bytes = readSync(fd, buffer, 0, buffer.length, position);
      position += bytes;
      return bytes;
    },
    close: () => closeSync(fd),
  };
}

interface Codec {
  /** Class name in Hadoop. */
  readonly name: string;
  open?(path: string): ByteSource;
}

/** Compressed files by the extension from which Hadoop tells their codec. */
const codecs: Readonly<Record<string, Codec>> = {
  ".gz": { name: "GzipCodec", open: (path) => inflated(plainBytes(path, 0), "gzip") },
  ".deflate": { name: "DefaultCodec", open: (path) => inflated(plainBytes(path, 0), "zlib") },
  ".bz2": { name: "BZip2Codec" },
  ".snappy": { name: "SnappyCodec" },
  ".lz4": { name: "Lz4Codec" },
  ".zst": { name: "ZStandardCodec" },
};

/** Whether a file is compressed as a whole, so that it cannot be read from the middle. */
export const isCompressed = (path: string): boolean => extname(path) in codecs;

/** The content of a file from `start` on, decompressed as its extension says. */
export function openBytes(path: string, start = 0): ByteSource {
  const codec = codecs[extname(path)];
  if (!codec) return plainBytes(path, start);
  if (!codec.open) {
    throw new UnsupportedOperationException(
      `Cannot read ${path}: ${codec.name} is not supported. Decompress the file, or compress it with gzip (.gz) or zlib (.deflate).`,
    );
  }
  return codec.open(path);
}
