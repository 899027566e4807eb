import { randomBytes } from "node:crypto";
import { IOException } from "../../common/index.js";
import type { ByteSource } from "./byte-source.js";
import type { ChecksumFile } from "./checksum-file.js";

/**
 * Hadoop's SequenceFile, version 6, of NullWritable keys and BytesWritable values, uncompressed:
 *   "SEQ" 6, class names (length byte, text), two zero bytes, int 0 (metadata), 16 random bytes (sync mark)
 *   records: int length of key and value, int length of key (0), int length of bytes, bytes
 *   before a record, every so often: int -1, the sync mark; a reader of a part of the file looks for it
 */
const SYNC_BYTES = 16;
const SYNC_INTERVAL = 100 * 1024;
const CLASSES = ["org.apache.hadoop.io.NullWritable", "org.apache.hadoop.io.BytesWritable"];

export class SequenceFileWriter {
  private readonly mark = randomBytes(SYNC_BYTES);
  private sinceMark = 0;

  constructor(private readonly file: ChecksumFile) {
    const names = CLASSES.map((name) => Buffer.concat([Buffer.from([name.length]), Buffer.from(name, "latin1")]));
    file.write(Buffer.concat([Buffer.from("SEQ\u0006", "latin1"), ...names, Buffer.alloc(6), this.mark]));
  }

  write(bytes: Uint8Array): void {
    if (this.sinceMark > SYNC_INTERVAL) {
      this.file.write(Buffer.concat([int32(-1), this.mark]));
      this.sinceMark = 0;
    }
    this.file.write(Buffer.concat([int32(bytes.length + 4), int32(0), int32(bytes.length)]));
    this.file.write(bytes);
    this.sinceMark += bytes.length + 12;
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Values of the records that belong to the stretch `start` to `end` of a file. */
export function* sequenceFileValues(source: ByteSource, start: number, end: number): Generator<Uint8Array> {
  const input = new BufferedInput(source);
  const header = input.take(4);
  if (header?.toString("latin1") !== "SEQ\u0006") throw new IOException("not a SequenceFile of version 6");
  const names = CLASSES.map(() => input.take(input.must(1)[0])?.toString("latin1"));
  const flags = input.must(6);
  if (names.join() !== CLASSES.join() || flags.some((byte) => byte !== 0)) {
    throw new IOException(
      `cannot read a SequenceFile of ${names.join(" and ")}; only uncompressed ${CLASSES.join(" and ")} are supported`,
    );
  }
  const mark = input.must(SYNC_BYTES);
  if (start > input.position && !input.skipPast(mark, start)) return;
  for (;;) {
    const { position } = input;
    let length = input.take(4)?.readInt32BE();
    if (length === undefined) return;
    if (length === -1) {
      if (!input.must(SYNC_BYTES).equals(mark)) throw new IOException(`damaged sync mark at byte ${position}`);
      if (position >= end) return;
      length = input.must(4).readInt32BE();
    }
    const keyBytes = input.must(4).readInt32BE();
    const record = input.must(length);
    const size = record.readInt32BE(keyBytes);
    yield record.subarray(keyBytes + 4, keyBytes + 4 + size);
  }
}

class BufferedInput {
  private buffer = Buffer.alloc(0);
  private consumed = 0;
  private ended = false;

  constructor(private readonly source: ByteSource) {}

  /** Offset of the next byte. */
  get position(): number {
    return this.consumed;
  }

  /** The next bytes; undefined at the end of the file. */
  take(length: number): Buffer | undefined {
    while (this.buffer.length < length && this.fill(length));
    if (this.buffer.length === 0 && length > 0) return undefined;
    if (this.buffer.length < length) throw new IOException(`file ends inside a record at byte ${this.consumed}`);
    return this.advance(length);
  }
  must(length: number): Buffer {
    const bytes = this.take(length);
    if (!bytes) throw new IOException(`file ends inside a record at byte ${this.consumed}`);
    return bytes;
  }

  /** Moves behind `from` to the next escape and mark and leaves them to be read; false when there is none. */
  skipPast(mark: Buffer, from: number): boolean {
    while (this.consumed < from) {
      if (this.buffer.length === 0 && !this.fill(1)) return false;
      this.advance(Math.min(this.buffer.length, from - this.consumed));
    }
    const wanted = Buffer.concat([int32(-1), mark]);
    for (;;) {
      const at = this.buffer.indexOf(wanted);
      if (at >= 0) {
        this.advance(at);
        return true;
      }
      // The mark may begin in the last bytes.
      this.advance(Math.max(0, this.buffer.length - wanted.length + 1));
      if (!this.fill(1)) return false;
    }
  }

  private advance(length: number): Buffer {
    const bytes = this.buffer.subarray(0, length);
    this.buffer = this.buffer.subarray(length);
    this.consumed += length;
    return bytes;
  }
  private fill(wanted: number): boolean {
    if (this.ended) return false;
    const chunk = Buffer.allocUnsafe(Math.max(65_536, wanted));
    const bytes = this.source.read(chunk);
    this.ended = bytes === 0;
    this.buffer = Buffer.concat([this.buffer, chunk.subarray(0, bytes)]);
    return bytes > 0;
  }
}
