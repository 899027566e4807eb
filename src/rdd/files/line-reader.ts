import { isAscii } from "node:buffer";
import { type ByteSource, isCompressed, openBytes } from "./byte-source.js";
import type { FileSplit } from "./file-split.js";

const LF = 10;
const CR = 13;
const BUFFER_BYTES = 256 * 1024;

/** Node's own decoders of a stretch: what `toString` calls after looking up the encoding. */
type SliceableBuffer = Buffer & {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
};

/**
 * Lines of a byte source, ended by `\n`, `\r` or `\r\n`, as Hadoop's `LineReader` finds them. Bytes that are no UTF-8 become
 * U+FFFD.
 */
export class LineReader {
  private buffer = Buffer.allocUnsafe(BUFFER_BYTES) as SliceableBuffer;
  /** Of the line at hand, in the buffer. */
  private start = 0;
  private at = 0;
  private end = 0;
  private ascii = false;
  private finished = false;
  /** Offset in the source of the next line. */
  position: number;

  /** Lines that begin behind `last` are left out. */
  constructor(
    private readonly source: ByteSource,
    start: number,
    private readonly last = Number.POSITIVE_INFINITY,
  ) {
    this.position = start;
  }

  /** The next line, or undefined at the end. */
  next(): string | undefined {
    const length = this.nextBytes();
    if (length < 0) return undefined;
    const { start } = this;
    return this.ascii ? this.buffer.latin1Slice(start, start + length) : this.buffer.utf8Slice(start, start + length);
  }

  /** Number of bytes of the next line, -1 at the end; until the next call they lie in {@link bytes} from {@link from} on. */
  nextBytes(): number {
    const { position } = this;
    if (position > this.last) return -1;
    const length = this.findEnd();
    if (position > 0 || length < BYTE_ORDER_MARK.length) return length;
    if (BYTE_ORDER_MARK.some((byte, i) => this.buffer[this.start + i] !== byte)) return length;
    this.start += BYTE_ORDER_MARK.length;
    return length - BYTE_ORDER_MARK.length;
  }

  get bytes(): Uint8Array {
    return this.buffer;
  }

  get from(): number {
    return this.start;
  }

  close(): void {
    this.source.close();
  }

  /** Skips one line. */
  skip(): void {
    this.findEnd();
  }

  /** Moves behind the next line and returns its length without the terminator, -1 at the end of the source. */
  private findEnd(): number {
    this.start = this.at;
    let i = this.at;
    for (;;) {
      const { buffer, end } = this;
      while (i < end) {
        const byte = buffer[i];
        if (byte === LF || byte === CR) break;
        i++;
      }
      // A carriage return at the end of the buffer may belong to a line feed that is not read yet.
      if (i < end - 1 || (i < end && buffer[i] === LF)) break;
      const scanned = i - this.start;
      if (!this.refill()) {
        i = this.start + scanned;
        if (i === this.start && i === this.end) return -1;
        break;
      }
      i = this.start + scanned;
    }
    const length = i - this.start;
    if (i < this.end) i += this.buffer[i] === CR && i + 1 < this.end && this.buffer[i + 1] === LF ? 2 : 1;
    this.position += i - this.start;
    this.at = i;
    return length;
  }

  /** Reads on behind the current line's bytes; false at the end of the source. */
  private refill(): boolean {
    if (this.finished) return false;
    const kept = this.end - this.start;
    if (kept > this.buffer.length / 2) {
      const larger = Buffer.allocUnsafe(this.buffer.length * 2) as SliceableBuffer;
      this.buffer.copy(larger, 0, this.start, this.end);
      this.buffer = larger;
    } else {
      this.buffer.copyWithin(0, this.start, this.end);
    }
    this.start = 0;
    this.end = kept;
    const bytes = this.source.read(this.buffer.subarray(kept));
    this.finished = bytes === 0;
    this.end += bytes;
    this.ascii = isAscii(this.buffer.subarray(0, this.end));
    return bytes > 0;
  }
}
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Lines that belong to a split: those that begin in it, the first being left to the split before it, and the one that begins
 * exactly where it ends. Compressed files are read to their end. The caller closes the reader.
 */
export function openLines({ path, start, length }: FileSplit): LineReader {
  const last = isCompressed(path) ? Number.POSITIVE_INFINITY : start + length;
  const reader = new LineReader(openBytes(path, start), start, last);
  try {
    if (start > 0) reader.skip();
    return reader;
  } catch (error) {
    reader.close();
    throw error;
  }
}

/** The lines of a split one by one. */
export function* linesOf(split: FileSplit): IterableIterator<string> {
  const lines = openLines(split);
  try {
    for (let line = lines.next(); line !== undefined; line = lines.next()) yield line;
  } finally {
    lines.close();
  }
}
