import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import * as zlib from "node:zlib";
import type { CompressionCodec, Compressors } from "hyparquet";
import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import { IllegalArgumentException, SparkException } from "../../common/index.js";

let loaded: Promise<Compressors> | undefined;

/** Decompressors for every codec Spark reads; loaded at the first compressed file, because the tables take time to build. */
export function decompressors(): Promise<Compressors> {
  loaded ??= import("hyparquet-compressors").then(({ compressors }) => ({
    ...compressors,
    GZIP: (input) => gunzipSync(input),
    BROTLI: (input) => brotliDecompressSync(input),
  }));
  return loaded;
}

export interface WriteCodec {
  readonly name: CompressionCodec;
  /** What Spark puts between the part's name and `.parquet`. */
  readonly extension: string;
  compress(input: Uint8Array): Uint8Array;
}

/** Only Node 22.15 and later have it. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (input: Uint8Array) => Uint8Array };

const CODECS: Readonly<Record<string, WriteCodec>> = {
  none: { name: "UNCOMPRESSED", extension: "", compress: (input) => input },
  uncompressed: { name: "UNCOMPRESSED", extension: "", compress: (input) => input },
  snappy: { name: "SNAPPY", extension: ".snappy", compress: snappyCompress },
  gzip: { name: "GZIP", extension: ".gz", compress: (input) => gzipSync(input) },
  ...(zstdCompressSync && { zstd: { name: "ZSTD", extension: ".zstd", compress: zstdCompressSync } }),
};
const SPARK_CODECS = ["none", "uncompressed", "snappy", "gzip", "lzo", "brotli", "lz4", "zstd", "lz4_raw"];

/** The codec of option `compression`. */
export function writeCodec(name: string): WriteCodec {
  const key = name.toLowerCase();
  const codec = CODECS[key];
  if (codec) return codec;
  const available = Object.keys(CODECS).join(", ");
  if (!SPARK_CODECS.includes(key)) {
    throw new IllegalArgumentException(`The codec ${key} is not available. Available codecs are ${available}.`, {
      condition: "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
      sqlState: "56038",
      parameters: { codecName: key, availableCodecs: available },
    });
  }
  throw new SparkException(
    `The codec ${key} cannot be written on this Node ${process.version}; use one of ${available}.`,
    {
      condition: "CODEC_NOT_AVAILABLE.WITH_CONF_SUGGESTION",
      sqlState: "56038",
      parameters: { codecName: key, configKey: "spark.sql.parquet.compression.codec", configVal: "snappy" },
    },
  );
}
