import { closeSync, openSync, readSync } from "node:fs";
import { extname } from "node:path";
import { constants, createGunzip, createInflate, type Gunzip } from "node:zlib";
import { UnsupportedOperationException } from "../../common/index.js";

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

/** Node decompresses synchronously chunk by chunk only through the method its own `gunzipSync` is built on. */
type SyncChunks = Gunzip & { _processChunk(chunk: Uint8Array, flush: number): Uint8Array };
const CHUNK_BYTES = 65_536;

function inflatedBytes(path: string, engine: SyncChunks): ByteSource {
  const file = plainBytes(path, 0);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let ready: Uint8Array = new Uint8Array(0);
  let at = 0;
  return {
    read(buffer) {
      while (at === ready.length) {
        const bytes = file.read(chunk);
        if (bytes === 0) return 0;
        ready = engine._processChunk(chunk.subarray(0, bytes), constants.Z_SYNC_FLUSH);
        at = 0;
      }
      const part = ready.subarray(at, at + buffer.length);
      buffer.set(part);
      at += part.length;
      return part.length;
    },
    close() {
      engine.close();
      file.close();
    },
  };
}

interface Codec {
  /** Class name in Hadoop. */
  readonly name: string;
  open?(path: string): ByteSource;
}

/** Compressed files by the extension from which Hadoop tells their codec. */
const codecs: Readonly<Record<string, Codec>> = {
  ".gz": { name: "GzipCodec", open: (path) => inflatedBytes(path, createGunzip() as SyncChunks) },
  ".deflate": { name: "DefaultCodec", open: (path) => inflatedBytes(path, createInflate() as Gunzip as SyncChunks) },
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
