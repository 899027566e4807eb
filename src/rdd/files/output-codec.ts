import { constants, crc32, deflateRawSync } from "node:zlib";
import { IllegalArgumentException } from "../../common/index.js";

/** How the files that a job writes are compressed. */
export interface OutputCodec {
  readonly extension: string;
  /** Compresses piece by piece; `last` ends the stream. */
  open(): (bytes: Uint8Array, last: boolean) => Uint8Array;
}

/** Deflated blocks end on a byte each time, so that they can be put one after the other; the last one says it is the last. */
const deflated = (bytes: Uint8Array, last: boolean): Buffer =>
  deflateRawSync(bytes, { finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH });

/** RFC 1952: header, blocks, CRC-32 and length of the content. */
const gzip: OutputCodec = {
  extension: ".gz",
  open() {
    let sum = 0;
    let length = 0;
    let header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]);
    return (bytes, last) => {
      sum = crc32(bytes, sum);
      length += bytes.length;
      const trailer = Buffer.alloc(last ? 8 : 0);
      if (last) {
        trailer.writeUInt32LE(sum, 0);
        trailer.writeUInt32LE(length % 2 ** 32, 4);
      }
      const piece = Buffer.concat([header, deflated(bytes, last), trailer]);
      header = Buffer.alloc(0);
      return piece;
    };
  },
};

/** RFC 1950: header, blocks, Adler-32 of the content. */
const zlib: OutputCodec = {
  extension: ".deflate",
  open() {
    let a = 1;
    let b = 0;
    let header = Buffer.from([0x78, 0x9c]);
    return (bytes, last) => {
      for (let start = 0; start < bytes.length; start += ADLER_STRIDE) {
        const end = Math.min(start + ADLER_STRIDE, bytes.length);
        for (let i = start; i < end; i++) b += a += bytes[i];
        a %= ADLER_MODULUS;
        b %= ADLER_MODULUS;
      }
      const trailer = Buffer.alloc(last ? 4 : 0);
      if (last) trailer.writeUInt32BE(b * 2 ** 16 + a);
      const piece = Buffer.concat([header, deflated(bytes, last), trailer]);
      header = Buffer.alloc(0);
      return piece;
    };
  },
};
const ADLER_MODULUS = 65_521;
/** Bytes after which the sums are reduced; they stay far below 2^53 so long. */
const ADLER_STRIDE = 4096;

/** Hadoop's codecs by class name. */
const codecs: Readonly<Record<string, OutputCodec>> = { GzipCodec: gzip, DefaultCodec: zlib, DeflateCodec: zlib };

/** The codec of a class name such as `org.apache.hadoop.io.compress.GzipCodec`; undefined for none. */
export function outputCodec(className: string | undefined): OutputCodec | undefined {
  if (className === undefined || className === null) return undefined;
  const name = className.replace(/^org\.apache\.hadoop\.io\.compress\./, "");
  if (Object.hasOwn(codecs, name)) return codecs[name];
  const known = Object.keys(codecs).map((name) => `org.apache.hadoop.io.compress.${name}`);
  throw new IllegalArgumentException(
    `Compression codec ${className} is not supported; use one of ${known.join(", ")}.`,
  );
}
