import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { IllegalArgumentException, UnsupportedOperationException } from "../../common/index.js";
import type { InputSplit, SourceFile } from "../../sql/source/index.js";

/** Complete lines of a text file: line i is `bytes[starts[i], ends[i])`, valid UTF-8, without its line ending. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
}

export interface TextInput {
  /** UTF-8 bytes of the line separator; undefined: `\n`, `\r\n` and `\r`. */
  readonly lineSep?: Uint8Array;
  readonly encoding: string;
  /** Hand bytes that are no UTF-8 on as they are. */
  readonly keepBytes?: boolean;
}

const CHUNK = 1 << 20;
const encoder = new TextEncoder();

const isUtf8Name = (encoding: string): boolean => /^utf-?8$/i.test(encoding);
export const isCompressed = (path: string): boolean => /\.(gz|bz2|zst|lz4|snappy|deflate|xz)$/i.test(path);

/** Whether several tasks may each read a byte range of the file. */
export const isSplittable = (file: SourceFile, encoding: string): boolean =>
  !isCompressed(file.path) && isUtf8Name(encoding);

/** The decoder of a character set; an unknown name is Spark's INVALID_PARAMETER_VALUE.CHARSET. */
function decoderOf(encoding: string): (part: Uint8Array, more: boolean) => string {
  if (/^(iso-?8859-?1|latin-?1)$/i.test(encoding)) return (part) => Buffer.from(part).toString("latin1");
  if (/^us-ascii$/i.test(encoding)) {
    return (part) =>
      Buffer.from(part)
        .toString("latin1")
        .replace(/[\x80-\xff]/g, "\ufffd");
  }
  // Java's UTF-16 is big-endian unless a byte order mark says otherwise.
  let decoder: TextDecoder | undefined = /^utf-?16$/i.test(encoding) ? undefined : newDecoder(encoding);
  return (part, more) => {
    decoder ??= newDecoder(part[0] === 0xff && part[1] === 0xfe ? "utf-16le" : "utf-16be");
    return decoder.decode(part, { stream: more });
  };
}

function newDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new IllegalArgumentException(
      `The value of parameter(s) \`charset\` in the options is invalid: expects one of the charsets, but got ${encoding}.`,
      { condition: "INVALID_PARAMETER_VALUE.CHARSET", sqlState: "22023", parameters: { charset: encoding }, cause },
    );
  }
}

/** Throws when the character set is unknown. */
export function checkEncoding(encoding: string): void {
  if (!/^(iso-?8859-?1|latin-?1|us-ascii|utf-?16)$/i.test(encoding)) newDecoder(encoding);
}

async function* rawChunks(path: string, start: number): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { start, highWaterMark: CHUNK });
  if (/\.gz$/i.test(path)) {
    const inflated = file.pipe(createGunzip({ chunkSize: 1 << 18 }));
    file.on("error", (error) => inflated.destroy(error));
    try {
      yield* inflated;
    } finally {
      file.destroy();
    }
  } else if (isCompressed(path)) {
    file.destroy();
    throw new UnsupportedOperationException(`${path}: only gzip (.gz) text files can be read; unpack the file first.`);
  } else yield* file;
}

/** The file's text as UTF-8 from byte `start` on, in pieces. */
async function* utf8Chunks(path: string, start: number, encoding: string): AsyncIterable<Uint8Array> {
  if (isUtf8Name(encoding)) return yield* rawChunks(path, start);
  const decode = decoderOf(encoding);
  for await (const chunk of rawChunks(path, start)) yield encoder.encode(decode(chunk, true));
  yield encoder.encode(decode(new Uint8Array(0), false));
}

const BOM = [0xef, 0xbb, 0xbf];
const hasBom = (bytes: Uint8Array): boolean => BOM.every((byte, k) => bytes[k] === byte);

/** The whole file as valid UTF-8, without a byte order mark. */
export async function readWhole(path: string, encoding: string, keepBytes = false): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of utf8Chunks(path, 0, encoding)) parts.push(part);
  const all = Buffer.concat(parts);
  const bytes = new Uint8Array(all.buffer, all.byteOffset, all.length);
  if (keepBytes) return bytes;
  return clean(hasBom(bytes) ? bytes.subarray(3) : bytes);
}

/** Bytes that are no UTF-8 become U+FFFD, as in Java. */
const clean = (bytes: Uint8Array): Uint8Array =>
  isUtf8(bytes) ? bytes : encoder.encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));

/**
 * The lines of a split, by Hadoop's rule: a split that does not start the file drops the line it starts in, and reads
 * on to the end of the last line that starts at or before its end.
 */
export async function* readLines({ file, start, end }: InputSplit, input: TextInput): AsyncIterable<Lines> {
  const { encoding, lineSep, keepBytes = false } = input;
  const finish = (lines: Lines): Lines => (keepBytes ? lines : cleaned(lines, lineSep));
  const whole = !isSplittable(file, encoding);
  const last = whole ? Infinity : end;
  let rest: Uint8Array = new Uint8Array(0);
  let position = start;
  let dropFirst = start > 0;
  let first = true;
  for await (const chunk of utf8Chunks(file.path, start, encoding)) {
    let bytes = rest.length === 0 ? chunk : joined(rest, chunk);
    if (first && start === 0) {
      if (bytes.length < 3 && hasBom(joined(bytes, Uint8Array.from(BOM.slice(bytes.length))))) {
        rest = bytes;
        continue;
      }
      if (hasBom(bytes)) {
        bytes = bytes.subarray(3);
        position += 3;
      }
    }
    first = false;
    const { lines, used } = cut(bytes, lineSep, false);
    const kept = select(lines, position, last, dropFirst);
    if (lines.count > 0) dropFirst = false;
    if (kept.lines.count > 0) yield finish(kept.lines);
    if (kept.done) return;
    rest = bytes.slice(used);
    position += used;
    if (position > last && !dropFirst) return;
  }
  if (rest.length === 0 || dropFirst || position > last) return;
  yield finish(cut(rest, lineSep, true).lines);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** Cuts bytes into lines; without `atEnd`, an unfinished last line is left over (`used` tells where it starts). */
function cut(bytes: Uint8Array, lineSep: Uint8Array | undefined, atEnd: boolean): { lines: Lines; used: number } {
  let starts = new Int32Array(Math.max(16, bytes.length >> 5));
  let ends = new Int32Array(starts.length);
  let count = 0;
  const add = (start: number, end: number): void => {
    if (count === starts.length) {
      starts = doubled(starts);
      ends = doubled(ends);
    }
    starts[count] = start;
    ends[count++] = end;
  };
  let start = 0;
  const { length } = bytes;
  if (lineSep) {
    for (let i = 0; i + lineSep.length <= length; i++) {
      if (bytes[i] !== lineSep[0] || !lineSep.every((byte, k) => bytes[i + k] === byte)) continue;
      add(start, i);
      start = i + lineSep.length;
      i = start - 1;
    }
  } else if (bytes.indexOf(13) < 0) {
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      add(start, end);
      start = end + 1;
    }
  } else {
    for (let i = 0; i < length; i++) {
      const c = bytes[i];
      if (c > 13 || (c !== 10 && c !== 13)) continue;
      if (c === 13 && i + 1 === length && !atEnd) break;
      add(start, i);
      if (c === 13 && bytes[i + 1] === 10) i++;
      start = i + 1;
    }
  }
  if (atEnd && start < length) {
    add(start, length);
    start = length;
  }
  return { lines: { bytes, starts, ends, count }, used: start };
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** The lines that belong to the split; `done` when a line starts behind its end. */
function select(lines: Lines, position: number, last: number, dropFirst: boolean): { lines: Lines; done: boolean } {
  const from = dropFirst && lines.count > 0 ? 1 : 0;
  let to = lines.count;
  if (last !== Infinity) while (to > from && position + lines.starts[to - 1] > last) to--;
  const done = to < lines.count;
  if (from === 0 && !done) return { lines, done };
  const { bytes, starts, ends } = lines;
  return { lines: { bytes, starts: starts.subarray(from, to), ends: ends.subarray(from, to), count: to - from }, done };
}

function cleaned(lines: Lines, lineSep: Uint8Array | undefined): Lines {
  if (isUtf8(lines.bytes)) return lines;
  const { bytes, starts, ends, count } = lines;
  const parts: Uint8Array[] = [];
  const separator = lineSep ?? Uint8Array.of(10);
  for (let i = 0; i < count; i++) parts.push(clean(bytes.subarray(starts[i], ends[i])), separator);
  const all = Buffer.concat(parts);
  return cut(new Uint8Array(all.buffer, all.byteOffset, all.length), lineSep, true).lines;
}
