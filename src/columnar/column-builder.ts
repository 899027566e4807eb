import type { Column } from "./column.js";

/** Builds a column from internal values (see `valueAt`); `null` and `undefined` append a null. */
export interface ColumnBuilder {
  readonly length: number;
  append(value: unknown): void;
  appendNull(): void;
  /** The column built so far; the builder must not be used afterwards. */
  finish(): Column;
}

/** Validity bitmap and row count, shared by all builders. */
export abstract class Builder implements ColumnBuilder {
  length = 0;
  private bits: Uint8Array;
  private nulls = 0;

  constructor(protected capacity: number) {
    this.bits = new Uint8Array((capacity + 7) >> 3);
  }

  append(value: unknown): void {
    if (value === null || value === undefined) return this.appendNull();
    this.reserve();
    this.bits[this.length >> 3] |= 1 << (this.length & 7);
    this.put(this.length, value);
    this.length++;
  }

  appendNull(): void {
    this.reserve();
    this.nulls++;
    this.putNull(this.length);
    this.length++;
  }

  finish(): Column {
    const validity = this.nulls ? this.bits.slice(0, (this.length + 7) >> 3) : null;
    return this.build(this.length, validity);
  }

  private reserve(): void {
    if (this.length < this.capacity) return;
    this.capacity = Math.max(16, this.capacity * 2);
    this.bits = grown(this.bits, (this.capacity + 7) >> 3);
    this.grow(this.capacity);
  }

  protected abstract grow(capacity: number): void;
  protected abstract put(i: number, value: unknown): void;
  protected abstract putNull(i: number): void;
  protected abstract build(length: number, validity: Uint8Array | null): Column;
}

export type Growable = Uint8Array | Int32Array | Float64Array | BigInt64Array | Int8Array | Int16Array | Float32Array;

/** A copy of the array with room for `length` entries. */
export function grown<T extends Growable>(array: T, length: number): T {
  const larger = new (array.constructor as new (n: number) => T)(length);
  larger.set(array as never);
  return larger;
}
