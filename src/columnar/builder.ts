import type { Column } from "./column.js";
import { Builder, type ColumnBuilder, type Growable, grown } from "./column-builder.js";
import { isFixed, type Layout } from "./layout.js";
import { vectorBuilder } from "./vector-builder.js";
import { encodeInto } from "./wrap.js";

const arrays = {
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

class FixedBuilder extends Builder {
  private values: Growable;
  constructor(
    private readonly layout: keyof typeof arrays,
    capacity: number,
  ) {
    super(capacity);
    this.values = new arrays[layout](capacity);
  }
  protected grow(capacity: number): void {
    this.values = grown(this.values, capacity);
  }
  protected put(i: number, value: unknown): void {
    this.values[i] = value as never;
  }
  protected putNull(): void {}
  protected build(length: number, validity: Uint8Array | null): Column {
    return { layout: this.layout, length, validity, values: this.values.subarray(0, length) } as Column;
  }
}

class Int128Builder extends Builder {
  private values = new BigInt64Array(2 * this.capacity);
  protected grow(capacity: number): void {
    this.values = grown(this.values, 2 * capacity);
  }
  protected put(i: number, value: unknown): void {
    this.values[2 * i] = BigInt.asIntN(64, value as bigint);
    this.values[2 * i + 1] = (value as bigint) >> 64n;
  }
  protected putNull(): void {}
  protected build(length: number, validity: Uint8Array | null): Column {
    return { layout: "i128", length, validity, values: this.values.subarray(0, 2 * length) };
  }
}

class BoolBuilder extends Builder {
  private values = new Uint8Array((this.capacity + 7) >> 3);
  protected grow(capacity: number): void {
    this.values = grown(this.values, (capacity + 7) >> 3);
  }
  protected put(i: number, value: unknown): void {
    if (value) this.values[i >> 3] |= 1 << (i & 7);
  }
  protected putNull(): void {}
  protected build(length: number, validity: Uint8Array | null): Column {
    return { layout: "bool", length, validity, values: this.values.subarray(0, (length + 7) >> 3) };
  }
}

class BytesBuilder extends Builder {
  private offsets = new Int32Array(this.capacity + 1);
  private bytes = new Uint8Array(this.capacity * 8);
  private used = 0;
  constructor(
    private readonly layout: "utf8" | "binary",
    capacity: number,
  ) {
    super(capacity);
  }
  protected grow(capacity: number): void {
    this.offsets = grown(this.offsets, capacity + 1);
  }
  private room(bytes: number): void {
    if (this.used + bytes <= this.bytes.length) return;
    if (this.used + bytes > 0x7fffffff) throw new RangeError("a column of more than 2^31 bytes; use more partitions");
    this.bytes = grown(this.bytes, Math.min(0x7fffffff, Math.max(this.used + bytes, this.bytes.length * 2, 64)));
  }
  protected put(i: number, value: unknown): void {
    if (typeof value === "string") {
      this.room(value.length * 3);
      this.used += encodeInto(value, this.bytes, this.used);
    } else {
      const part = value as Uint8Array;
      this.room(part.length);
      this.bytes.set(part, this.used);
      this.used += part.length;
    }
    this.offsets[i + 1] = this.used;
  }
  protected putNull(i: number): void {
    this.offsets[i + 1] = this.used;
  }
  protected build(length: number, validity: Uint8Array | null): Column {
    const offsets = this.offsets.subarray(0, length + 1);
    return { layout: this.layout, length, validity, offsets, bytes: this.bytes.subarray(0, this.used) };
  }
}

class ListBuilder extends Builder {
  private offsets = new Int32Array(this.capacity + 1);
  private readonly child: ColumnBuilder;
  constructor(item: Layout, capacity: number) {
    super(capacity);
    this.child = columnBuilder(item, capacity);
  }
  protected grow(capacity: number): void {
    this.offsets = grown(this.offsets, capacity + 1);
  }
  protected put(i: number, value: unknown): void {
    for (const item of value as Iterable<unknown>) this.child.append(item);
    this.offsets[i + 1] = this.child.length;
  }
  protected putNull(i: number): void {
    this.offsets[i + 1] = this.child.length;
  }
  protected build(length: number, validity: Uint8Array | null): Column {
    const child = this.child.finish();
    return { layout: { list: child.layout }, length, validity, offsets: this.offsets.subarray(0, length + 1), child };
  }
}

class StructBuilder extends Builder {
  private readonly children: readonly ColumnBuilder[];
  constructor(fields: readonly Layout[], capacity: number) {
    super(capacity);
    this.children = fields.map((field) => columnBuilder(field, capacity));
  }
  protected grow(): void {}
  protected put(_: number, value: unknown): void {
    this.children.forEach((child, k) => child.append((value as readonly unknown[])[k]));
  }
  protected putNull(): void {
    for (const child of this.children) child.appendNull();
  }
  protected build(length: number, validity: Uint8Array | null): Column {
    const children = this.children.map((child) => child.finish());
    return { layout: { struct: children.map((child) => child.layout) }, length, validity, children };
  }
}

class NullBuilder extends Builder {
  protected grow(): void {}
  protected put(): void {
    throw new TypeError("a column of type void holds nulls only");
  }
  protected putNull(): void {}
  protected build(length: number): Column {
    return { layout: "null", length, validity: null };
  }
}

/** A builder for the layout, with room for `capacity` rows before it grows. */
export function columnBuilder(layout: Layout, capacity = 64): ColumnBuilder {
  if (typeof layout === "object") {
    return "list" in layout ? new ListBuilder(layout.list, capacity) : new StructBuilder(layout.struct, capacity);
  }
  if (layout === "i128") return new Int128Builder(capacity);
  if (isFixed(layout)) return new FixedBuilder(layout, capacity);
  if (layout === "utf8" || layout === "binary") return new BytesBuilder(layout, capacity);
  if (layout === "bool") return new BoolBuilder(capacity);
  if (layout === "vector") return vectorBuilder(capacity);
  return new NullBuilder(capacity);
}

/** A column of the layout with `length` nulls. */
export function nullColumn(layout: Layout, length: number): Column {
  const builder = columnBuilder(layout, length);
  for (let i = 0; i < length; i++) builder.appendNull();
  return builder.finish();
}
