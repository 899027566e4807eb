import { boolColumn, encodeInto, f64Column, i32Column, i64Column, type Column } from "../../columnar/index.js";
import { checked, grown, isInt, isWellFormed, type Kind, kindOf, ordered } from "./element-kind.js";
import { roughSize } from "./rough-size.js";
import { serializeValue } from "./serialize.js";

/** Rows of a segment that ends where the next one starts: the order in which a builder lays its values out. */
export interface RowOrder {
  /** Numbers of the rows in their new order; the order of arrival without it. */
  readonly rows?: Int32Array;
  /** First row of each segment and, at the end, the number of rows. */
  readonly segments: Int32Array;
}

/**
 * Lays JavaScript values out as one column, whose layout follows from the values:
 * ints i32; other numbers f64; strings utf8; booleans bool; bigints of 64 bits i64; arrays of one length (up to 8) struct,
 * other arrays list; null is null everywhere. Anything else, and any mixture, is `binary`: the first row of each segment holds
 * the segment's values together, serialized, so that a segment is read without its neighbours; the other rows are empty.
 */
export class ElementBuilder {
  length = 0;
  private kind: Kind = "none";
  private capacity = 0;
  private ints: Int32Array = new Int32Array(0);
  private doubles: Float64Array = new Float64Array(0);
  private longs: BigInt64Array = new BigInt64Array(0);
  private flags: boolean[] = [];
  private strings: (string | null)[] = [];
  private chars = 0;
  private values: unknown[] = [];
  private valueBytes = 0;
  private children: ElementBuilder[] = [];
  private offsets: number[] = [];
  /** Whether row i is null; undefined while there are none. */
  private nulls: Uint8Array | undefined;

  append(value: unknown): void {
    switch (this.kind) {
      case "int":
        if (typeof value === "number" && isInt(value)) {
          if (this.length === this.capacity) this.grow();
          this.ints[this.length++] = value;
          return;
        }
        break;
      case "double":
        if (typeof value === "number") {
          if (this.length === this.capacity) this.grow();
          this.doubles[this.length++] = value;
          return;
        }
        break;
      case "string":
        if (typeof value === "string" && isWellFormed(value)) {
          this.strings.push(value);
          this.chars += value.length;
          this.length++;
          return;
        }
        break;
      case "tuple":
        if (Array.isArray(value) && value.length === this.children.length) {
          const { children } = this;
          if (value.length === 2) {
            children[0].append(value[0]);
            children[1].append(value[1]);
          } else for (let i = 0; i < children.length; i++) children[i].append(value[i]);
          this.length++;
          return;
        }
        break;
      case "any":
        this.appendAny(value);
        return;
    }
    this.appendOther(value);
  }

  /** The same as `append([key, value])`, without the array. */
  appendPair(key: unknown, value: unknown): void {
    if (this.kind === "tuple" && this.children.length === 2) {
      this.children[0].append(key);
      this.children[1].append(value);
      this.length++;
    } else this.append([key, value]);
  }

  /** Bytes that the values take now, about. */
  get bytes(): number {
    switch (this.kind) {
      case "int":
        return 4 * this.length;
      case "double":
      case "long":
        return 8 * this.length;
      case "string":
        return 32 * this.length + this.chars;
      case "tuple":
        return this.children.reduce((n, child) => n + child.bytes, 0);
      case "list":
        return 8 * this.length + this.children[0].bytes;
      case "any":
        return this.valueBytes;
      default:
        return this.length;
    }
  }

  /** The column of all values; the builder is empty afterwards. */
  finish(order: RowOrder = { segments: Int32Array.of(0, this.length) }): Column {
    const column = this.build(order);
    this.reset(order.rows !== undefined);
    return column;
  }

  /** Starts over. Arrays that were copied into their new order are used again; others are the column's now. */
  private reset(reuse = false): void {
    this.length = 0;
    this.kind = "none";
    this.capacity = this.chars = this.valueBytes = 0;
    if (reuse) for (const child of this.children) child.reset(true);
    else {
      this.ints = new Int32Array(0);
      this.doubles = new Float64Array(0);
      this.longs = new BigInt64Array(0);
      this.children = [];
    }
    this.flags = [];
    this.strings = [];
    this.values = [];
    this.offsets = [];
    this.nulls = undefined;
  }

  private grow(): void {
    this.capacity = Math.max(16, this.capacity * 2);
    if (this.kind === "int") this.ints = grown(this.ints, new Int32Array(this.capacity));
    else if (this.kind === "double") this.doubles = grown(this.doubles, new Float64Array(this.capacity));
    else this.longs = grown(this.longs, new BigInt64Array(this.capacity));
  }

  /** First values, nulls, and values that do not fit the kind so far. */
  private appendOther(value: unknown): void {
    if (value === null && this.kind !== "any") return this.appendNull();
    const kind = kindOf(value);
    if (this.kind === "none") this.start(kind, value);
    else if (this.kind === "int" && kind === "double") this.toDouble();
    else if (this.kind === "tuple" && (kind === "tuple" || kind === "list")) this.convert("list");
    else if (this.kind !== kind && !(this.kind === "list" && kind === "tuple")) this.convert("any");
    this.put(value);
  }

  private put(value: unknown): void {
    switch (this.kind) {
      case "bool":
        this.flags[this.length++] = value as boolean;
        return;
      case "long":
        if (this.length === this.capacity) this.grow();
        this.longs[this.length++] = value as bigint;
        return;
      case "list":
        for (const item of value as readonly unknown[]) this.children[0].append(item);
        this.length++;
        this.offsets.push(this.children[0].length);
        return;
      default:
        this.append(value);
    }
  }

  /** Takes a kind; what came before is nulls only. */
  private start(kind: Kind, value: unknown): void {
    const before = this.length;
    this.kind = kind;
    if (kind === "int") this.capacity = this.ints.length;
    if (kind === "double") this.capacity = this.doubles.length;
    if (kind === "long") this.capacity = this.longs.length;
    const width = kind === "tuple" ? (value as unknown[]).length : kind === "list" ? 1 : 0;
    if (this.children.length !== width) this.children = Array.from({ length: width }, () => new ElementBuilder());
    this.offsets = [0];
    if (before === 0) return;
    const { nulls } = this;
    this.nulls = undefined;
    this.length = 0;
    if (kind === "any") for (let i = 0; i < before; i++) this.appendAny(null);
    else for (let i = 0; i < before; i++) this.appendNull();
    this.nulls = kind === "any" ? undefined : nulls;
  }

  private appendNull(): void {
    const row = this.length;
    switch (this.kind) {
      case "int":
      case "double":
      case "long":
        if (row === this.capacity) this.grow();
        this.length++;
        break;
      case "string":
        this.strings.push(null);
        this.length++;
        break;
      case "bool":
        this.flags[this.length++] = false;
        break;
      case "tuple":
        for (const child of this.children) child.append(null);
        this.length++;
        break;
      case "list":
        this.offsets.push(this.children[0].length);
        this.length++;
        break;
      default:
        this.length++;
    }
    if (!this.nulls || this.nulls.length <= row) {
      this.nulls = grown(this.nulls ?? new Uint8Array(0), new Uint8Array(Math.max(64, 2 * row)));
    }
    this.nulls[row] = 1;
  }

  private appendAny(value: unknown): void {
    const row = this.values.push(value) - 1;
    // A size of every value would cost more than the value: later ones are taken to be like the last that was looked at.
    this.valueBytes += row < 16 || (row & 63) === 0 ? (this.lastSize = 16 + roughSize(value)) : this.lastSize;
    this.length++;
  }
  private lastSize = 0;

  private toDouble(): void {
    if (this.doubles.length < this.capacity) this.doubles = new Float64Array(this.capacity);
    this.doubles.set(this.ints.subarray(0, this.length));
    this.capacity = this.doubles.length;
    this.ints = new Int32Array(0);
    this.kind = "double";
  }

  /** Starts over with another kind, from the values so far. */
  private convert(kind: "list" | "any"): void {
    const values = Array.from({ length: this.length }, (_, i) => this.valueAt(i));
    this.reset();
    this.start(kind, undefined);
    for (const value of values) {
      if (kind === "any") this.appendAny(value);
      else if (value === null) this.appendNull();
      else this.put(value);
    }
  }

  private valueAt(i: number): unknown {
    if (this.nulls?.[i] || this.kind === "none") return null;
    switch (this.kind) {
      case "int":
        return this.ints[i];
      case "double":
        return this.doubles[i];
      case "long":
        return this.longs[i];
      case "bool":
        return this.flags[i];
      case "string":
        return this.strings[i];
      case "tuple":
        return this.children.map((child) => child.valueAt(i));
      case "list": {
        const [child] = this.children;
        const items: unknown[] = [];
        for (let k = this.offsets[i]; k < this.offsets[i + 1]; k++) items.push(child.valueAt(k));
        return items;
      }
      default:
        return this.values[i];
    }
  }

  private build(order: RowOrder): Column {
    const { length } = this;
    const { rows } = order;
    const validity = this.validity(rows);
    switch (this.kind) {
      case "none":
        return { layout: "null", length, validity: null };
      case "int":
        return i32Column(
          rows ? ordered(this.ints, new Int32Array(length), rows) : this.ints.subarray(0, length),
          validity,
        );
      case "double":
        return f64Column(
          rows ? ordered(this.doubles, new Float64Array(length), rows) : this.doubles.subarray(0, length),
          validity,
        );
      case "long":
        return i64Column(
          rows ? ordered(this.longs, new BigInt64Array(length), rows) : this.longs.subarray(0, length),
          validity,
        );
      case "bool": {
        const bits = new Uint8Array((length + 7) >> 3);
        for (let i = 0; i < length; i++) if (this.flags[rows ? rows[i] : i]) bits[i >> 3] |= 1 << (i & 7);
        return boolColumn(bits, length, validity);
      }
      case "string":
        return this.buildStrings(rows, validity);
      case "tuple": {
        const children = this.children.map((child) => child.build(order));
        return { layout: { struct: children.map((child) => child.layout) }, length, validity, children };
      }
      case "list":
        return this.buildList(order, validity);
      case "any":
        return this.buildAny(order);
    }
  }

  private validity(rows: Int32Array | undefined): Uint8Array | null {
    if (!this.nulls || this.kind === "any") return null;
    const bits = new Uint8Array((this.length + 7) >> 3);
    for (let i = 0; i < this.length; i++) {
      const row = rows ? rows[i] : i;
      if (row >= this.nulls.length || !this.nulls[row]) bits[i >> 3] |= 1 << (i & 7);
    }
    return bits;
  }

  private buildStrings(rows: Int32Array | undefined, validity: Uint8Array | null): Column {
    const { length, strings } = this;
    const offsets = new Int32Array(length + 1);
    let bytes = new Uint8Array(this.chars + (this.chars >> 2) + 64);
    let at = 0;
    for (let i = 0; i < length; i++) {
      const text = strings[rows ? rows[i] : i];
      if (text !== null) {
        if (at + 3 * text.length > bytes.length) {
          bytes = grown(bytes, new Uint8Array(checked(Math.max(2 * bytes.length, at + 3 * text.length))));
        }
        at += encodeInto(text, bytes, at);
      }
      offsets[i + 1] = at;
    }
    return { layout: "utf8", length, validity, offsets, bytes: bytes.subarray(0, at) };
  }

  private buildList({ rows, segments }: RowOrder, validity: Uint8Array | null): Column {
    const { length, offsets: from } = this;
    const [items] = this.children;
    const offsets = new Int32Array(length + 1);
    const itemRows = rows && new Int32Array(items.length);
    let at = 0;
    for (let i = 0; i < length; i++) {
      const row = rows ? rows[i] : i;
      if (itemRows) for (let k = from[row]; k < from[row + 1]; k++) itemRows[at++] = k;
      else at = from[row + 1];
      offsets[i + 1] = at;
    }
    const child = items.build({
      segments: segments.map((row) => offsets[row]),
      ...(itemRows ? { rows: itemRows } : {}),
    });
    return { layout: { list: child.layout }, length, validity, offsets, child };
  }

  private buildAny({ rows, segments }: RowOrder): Column {
    const { length } = this;
    const offsets = new Int32Array(length + 1);
    const parts: Uint8Array[] = [];
    let at = 0;
    for (let s = 0; s + 1 < segments.length; s++) {
      const start = segments[s];
      const end = segments[s + 1];
      if (start === end) continue;
      const values: unknown[] = new Array(end - start);
      for (let i = start; i < end; i++) values[i - start] = this.values[rows ? rows[i] : i];
      const part = serializeValue(values);
      parts.push(part);
      at += part.length;
      offsets.fill(checked(at), start + 1, end + 1);
    }
    const bytes = new Uint8Array(at);
    at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { layout: "binary", length, validity: null, offsets, bytes };
  }
}
