import { open, type FileHandle } from "node:fs/promises";
import { type FileMetaData, parquetMetadataAsync, parquetSchema, type SchemaTree } from "hyparquet";
import { SparkException } from "../../common/index.js";

export interface Footer {
  readonly metadata: FileMetaData;
  readonly tree: SchemaTree;
}

interface FileIdentity {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/** Statistics as internal values: days, microseconds, bytes. */
const parsers = {
  dateFromDays: (days: number) => days,
  timestampFromMilliseconds: (millis: bigint) => millis * 1000n,
  timestampFromMicroseconds: (micros: bigint) => micros,
  timestampFromNanoseconds: (nanos: bigint) => nanos / 1000n,
  stringFromBytes: (bytes: Uint8Array) => bytes.slice(),
  jsonFromBytes: (bytes: Uint8Array) => bytes.slice(),
};

/** Splits of one file read the same footer; the last few are kept. */
const cache = new Map<string, { modified: number; size: number; footer: Footer }>();
const CACHED = 64;

/** The footer of a file; throws FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER when there is none. */
export async function readFooter(file: FileIdentity, handle?: FileHandle): Promise<Footer> {
  const known = cache.get(file.path);
  if (known && known.modified === file.modified && known.size === file.size) return known.footer;
  const own = handle ?? (await open(file.path));
  try {
    const size = file.size || (await own.stat()).size;
    const source = { byteLength: size, slice: (start: number, end = size) => readRange(own, start, end) };
    const metadata = await parquetMetadataAsync(source, { parsers, initialFetchSize: 65_536, geoparquet: false });
    const footer = { metadata, tree: parquetSchema(metadata) };
    if (cache.size >= CACHED) cache.delete(cache.keys().next().value!);
    cache.set(file.path, { modified: file.modified, size: file.size, footer });
    return footer;
  } catch (cause) {
    throw new SparkException(
      `Encountered error while reading file ${file.path}. Could not read footer. ` +
        "Please ensure that the file is in either ORC or Parquet format.",
      {
        condition: "FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER",
        sqlState: "KD001",
        parameters: { path: file.path },
        cause,
      },
    );
  } finally {
    if (!handle) await own.close();
  }
}

/** Bytes `[start, end)` of an open file in a buffer of their own. */
export async function readRange(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const buffer = new ArrayBuffer(end - start);
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
    if (bytesRead === 0) throw new RangeError(`the file ends at ${start + at}, before ${end}`);
    at += bytesRead;
  }
  return buffer;
}
