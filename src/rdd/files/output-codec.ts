import { constants, createDeflate, createGzip, type Gzip } from "node:zlib";
import { IllegalArgumentException } from "../../common/index.js";

/** How the files that a job writes are compressed. */
export interface OutputCodec {
  readonly extension: string;
  /** Compresses piece by piece; `last` ends the stream. */
  open(): (bytes: Uint8Array, last: boolean) => Uint8Array;
}

/** Node compresses synchronously piece by piece only through the method its own `gzipSync` is built on. */
type SyncChunks = Gzip & { _processChunk(chunk: Uint8Array, flush: number): Uint8Array };

const streamed = (create: () => unknown) => () => {
  const engine = create() as SyncChunks;
  return (bytes: Uint8Array, last: boolean): Uint8Array =>
    engine._processChunk(bytes, last ? constants.Z_FINISH : constants.Z_NO_FLUSH);
};

const deflate: OutputCodec = { extension: ".deflate", open: streamed(createDeflate) };

/** Hadoop's codecs by class name. */
const codecs: Readonly<Record<string, OutputCodec>> = {
  GzipCodec: { extension: ".gz", open: streamed(createGzip) },
  DefaultCodec: deflate,
  DeflateCodec: deflate,
};

/** The codec of a class name such as `org.apache.hadoop.io.compress.GzipCodec`; undefined for none. */
export function outputCodec(className: string | undefined): OutputCodec | undefined {
  if (className === undefined || className === null) return undefined;
  const codec = codecs[className.replace(/^org\.apache\.hadoop\.io\.compress\./, "")];
  if (codec) return codec;
  throw new IllegalArgumentException(
    `Compression codec ${className} is not supported; use one of ${Object.keys(codecs)
      .map((name) => `org.apache.hadoop.io.compress.${name}`)
      .join(", ")}.`,
  );
}
