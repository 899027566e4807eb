import { columnBuilder, encodeInto, type Column, type Layout } from "../../columnar/index.js";

/** Takes one column's values as a text format finds them; the last row can be taken back. */
export interface ValueSink {
  readonly length: number;
  appendNull(): void;
  /** Forgets the rows from `length` on. */
  truncate(length: number): void;
  /** The column; the sink starts anew. */
  finish(): Column;
}

abstract class Sink implements ValueSink {
  length = 0;
  protected valid: Uint8Array;
  private nulls = false;

  constructor(protected capacity: number) {
    this.valid = new Uint8Array((capacity + 7) >> 3);
  }
  protected mark(): number {
    const i = this.length++;
    if (i >= this.capacity) this.widen();
    this.valid[i >> 3] |= 1 << (i & 7);
    return i;
  }
  appendNull(): void {
    const i = this.length++;
    if (i >= this.capacity) this.widen();
    this.nulls = true;
    this.putNull(i);
  }
  truncate(length: number): void {
    for (let i = length; i < this.length; i++) this.valid[i >> 3] &= ~(1 << (i & 7));
    this.length = length;
  }
  finish(): Column {
    const { length } = this;
    const column = this.build(length, this.nulls ? this.valid.subarray(0, (length + 7) >> 3) : null);
    this.length = 0;
    this.nulls = false;
    this.valid = new Uint8Array((this.capacity + 7) >> 3);
    this.reset(this.capacity);
    return column;
  }
  private widen(): void {
    this.capacity = Math.max(16, this.capacity * 2);
    const valid = new Uint8Array((this.capacity + 7) >> 3);
    valid.set(this.valid);
    this.valid = valid;
    this.grow(this.capacity);
  }
  protected putNull(_i: number): void {}
  protected abstract grow(capacity: number): void;
  protected abstract reset(capacity: number): void;
  protected abstract build(length: number, validity: Uint8Array | null): Column;
}

const arrays = { i8: Int8Array, i16: Int16Array, i32: Int32Array, f32: Float32Array, f64: Float64Array } as const;
type Numbers = InstanceType<(typeof arrays)[keyof typeof arrays]>;

export class NumberSink extends Sink {
  private values: Numbers;
  constructor(
    private readonly layout: keyof typeof arrays,
    capacity: number,
  ) {
    super(capacity);
    this.values = new arrays[layout](capacity);
  }
  append(value: number): void {
    const i = this.mark();
    this.values[i] = value;
  }
  protected grow(capacity: number): void {
    const values = new arrays[this.layout](capacity);
    values.set(this.values);
    this.values = values;
  }
  protected reset(capacity: number): void {
    this.values = new arrays[this.layout](capacity);
  }
  protected build(length: number, validity: Uint8Array | null): Column {
    return { layout: this.layout, length, validity, values: this.values.subarray(0, length) };
  }
}

export class LongSink extends Sink {
  private values = new BigInt64Array(this.capacity);
  private words = new Int32Array(this.values.buffer);
  append(value: bigint): void {
    const i = this.mark();
    this.values[i] = value;
  }
  /** For integers up to 2^53 in size, without making a bigint. */
  appendNumber(value: number): void {
    const i = this.mark();
    this.words[2 * i] = value;
    this.words[2 * i + 1] = Math.floor(value / 4_294_967_296);
  }
  protected grow(capacity: number): void {
    const { values } = this;
    this.reset(capacity);
    this.values.set(values);
  }
  protected reset(capacity: number): void {
    this.values = new BigInt64Array(capacity);
    this.words = new Int32Array(this.values.buffer);
  }
  protected build(length: number, validity: Uint8Array | null): Column {
    return { layout: "i64", length, validity, values: this.values.subarray(0, length) };
  }
}

export class DecimalSink extends Sink {
  private values = new BigInt64Array(2 * this.capacity);
  append(unscaled: bigint): void {
    const i = this.mark();
    this.values[2 * i] = BigInt.asIntN(64, unscaled);
    this.values[2 * i + 1] = unscaled >> 64n;
  }
  protected grow(capacity: number): void {
    const { values } = this;
    this.reset(capacity);
    this.values.set(values);
  }
  protected reset(capacity: number): void {
    this.values = new BigInt64Array(2 * capacity);
  }
  protected build(length: number, validity: Uint8Array | null): Column {
    return { layout: "i128", length, validity, values: this.values.subarray(0, 2 * length) };
  }
}

export class BoolSink extends Sink {
  private values = new Uint8Array((this.capacity + 7) >> 3);
  append(value: boolean): void {
    const i = this.mark();
    if (value) this.values[i >> 3] |= 1 << (i & 7);
    else this.values[i >> 3] &= ~(1 << (i & 7));
  }
  protected grow(capacity: number): void {
    const { values } = this;
    this.reset(capacity);
    this.values.set(values);
  }
  protected reset(capacity: number): void {
    this.values = new Uint8Array((capacity + 7) >> 3);
  }
  protected build(length: number, validity: Uint8Array | null): Column {
    return { layout: "bool", length, validity, values: this.values.subarray(0, (length + 7) >> 3) };
  }
}

export class BytesSink extends Sink {
  private offsets = new Int32Array(this.capacity + 1);
  private bytes: Uint8Array;
  constructor(
    private readonly layout: "utf8" | "binary",
    capacity: number,
  ) {
    super(capacity);
    this.bytes = new Uint8Array(capacity * 8);
  }
  append(from: Uint8Array, start: number, end: number): void {
    const i = this.mark();
    const size = end - start;
    const at = this.offsets[i];
    this.room(at + size);
    const { bytes } = this;
    if (size <= 32) for (let k = 0; k < size; k++) bytes[at + k] = from[start + k];
    else bytes.set(from.subarray(start, end), at);
    this.offsets[i + 1] = at + size;
  }
  appendText(text: string): void {
    const i = this.mark();
    const at = this.offsets[i];
    this.room(at + text.length * 3);
    this.offsets[i + 1] = at + encodeInto(text, this.bytes, at);
  }
  private room(needed: number): void {
    if (needed <= this.bytes.length) return;
    if (needed > 0x7fffffff) throw new RangeError("a batch holds more than 2^31 bytes of text");
    const bytes = new Uint8Array(Math.min(0x7fffffff, Math.max(needed, this.bytes.length * 2)));
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
  protected override putNull(i: number): void {
    this.offsets[i + 1] = this.offsets[i];
  }
  protected grow(capacity: number): void {
    const offsets = new Int32Array(capacity + 1);
    offsets.set(this.offsets);
    this.offsets = offsets;
  }
  protected reset(capacity: number): void {
    this.offsets = new Int32Array(capacity + 1);
    this.bytes = new Uint8Array(Math.min(this.bytes.length, 1 << 24));
  }
  protected build(length: number, validity: Uint8Array | null): Column {
    const offsets = this.offsets.subarray(0, length + 1);
    return { layout: this.layout, length, validity, offsets, bytes: this.bytes.subarray(0, offsets[length]) };
  }
}

/** Internal values of any type, kept until the batch is full. */
export class AnySink implements ValueSink {
  private values: unknown[] = [];
  constructor(private readonly layout: Layout) {}
  get length(): number {
    return this.values.length;
  }
  append(value: unknown): void {
    this.values.push(value);
  }
  appendNull(): void {
    this.values.push(null);
  }
  truncate(length: number): void {
    this.values.length = length;
  }
  finish(): Column {
    const builder = columnBuilder(this.layout, this.values.length);
    for (const value of this.values) builder.append(value);
    this.values = [];
    return builder.finish();
  }
}
