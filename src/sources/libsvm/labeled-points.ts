import { decodeUtf8, denseVectorColumn, f64Column, type Column } from "../../columnar/index.js";
import { IllegalArgumentException, NumberFormatException } from "../../common/index.js";
import { parseJavaDouble, parseSimpleDouble, parseSimpleInteger } from "../shared/java-number.js";
import type { Lines } from "../shared/text-input.js";

const SPACE = 32;
const COLON = 58;
const HASH = 35;

/** Collects points from lines of text into the columns `label` and `features`. */
export class LabeledPoints {
  count = 0;
  /** Largest index (from 0) met since the object was made. */
  largestIndex = -1;
  private labels = new Float64Array(1024);
  private offsets = new Int32Array(1025);
  private indices = new Int32Array(4096);
  private values = new Float64Array(4096);

  /** `numFeatures` 0: any index is allowed (finding the largest). */
  constructor(private readonly numFeatures: number) {}

  /** Adds lines from `from` on until there are `limit` points; returns the line to go on with. */
  add({ bytes, starts, ends, count }: Lines, from = 0, limit = Infinity): number {
    let i = from;
    for (; i < count && this.count < limit; i++) {
      let start = starts[i];
      let end = ends[i];
      while (start < end && bytes[start] <= SPACE) start++;
      while (end > start && bytes[end - 1] <= SPACE) end--;
      if (start < end && bytes[start] !== HASH) this.addPoint(bytes, start, end);
    }
    return i;
  }

  clear(): void {
    this.count = 0;
  }

  private addPoint(bytes: Uint8Array, start: number, end: number): void {
    if (this.count === this.labels.length) {
      this.labels = doubled(this.labels);
      this.offsets = doubled(this.offsets);
    }
    let at = this.count === 0 ? 0 : this.offsets[this.count];
    let previous = -1;
    let stop = tokenEnd(bytes, start, end);
    this.labels[this.count] = numberAt(bytes, start, stop);
    for (let next = stop + 1; next < end; next = stop + 1) {
      stop = tokenEnd(bytes, next, end);
      if (stop === next) continue;
      let colon = next;
      while (colon < stop && bytes[colon] !== COLON) colon++;
      const index = parseSimpleInteger(bytes, next, colon) - 1;
      if (colon === stop || index !== index) throw notNumber(bytes, next, stop);
      if (index <= previous) {
        throw new IllegalArgumentException(
          `requirement failed: indices should be one-based and in ascending order; found current=${index}, ` +
            `previous=${previous}; line="${decodeUtf8(bytes, start, end)}"`,
        );
      }
      if (this.numFeatures > 0 && index >= this.numFeatures) {
        throw new IllegalArgumentException(
          `requirement failed: Index ${index} out of bounds for vector of size ${this.numFeatures}; raise option numFeatures`,
        );
      }
      if (at === this.values.length) {
        this.values = doubled(this.values);
        this.indices = doubled(this.indices);
      }
      // Zeros that are written out are not stored, as after Spark's `toSparse`.
      const value = numberAt(bytes, colon + 1, stop);
      this.indices[at] = index;
      this.values[at] = value;
      if (value !== 0) at++;
      previous = index;
    }
    if (previous > this.largestIndex) this.largestIndex = previous;
    this.offsets[++this.count] = at;
  }

  /** The columns of the points so far; starts anew. */
  finish(dense: boolean): { label: Column; features: Column } {
    const { count, numFeatures } = this;
    const total = this.offsets[count];
    const label = f64Column(this.labels.slice(0, count));
    const offsets = this.offsets.slice(0, count + 1);
    const indices = this.indices.slice(0, total);
    const values = this.values.slice(0, total);
    this.count = 0;
    if (dense) {
      const all = new Float64Array(count * numFeatures);
      for (let i = 0; i < count; i++) {
        for (let k = offsets[i]; k < offsets[i + 1]; k++) all[i * numFeatures + indices[k]] = values[k];
      }
      return { label, features: denseVectorColumn(all, numFeatures, count) };
    }
    const features: Column = {
      layout: "vector",
      form: "mixed",
      length: count,
      validity: null,
      kinds: new Uint8Array(count),
      sizes: new Int32Array(count).fill(numFeatures),
      offsets,
      indices,
      values,
    };
    return { label, features };
  }
}

function doubled<T extends Float64Array | Int32Array>(array: T): T {
  const larger = new (array.constructor as new (n: number) => T)(array.length * 2);
  larger.set(array as never);
  return larger;
}

function tokenEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i] !== SPACE) i++;
  return i;
}

function numberAt(bytes: Uint8Array, start: number, end: number): number {
  const simple = parseSimpleDouble(bytes, start, end);
  if (simple === simple) return simple;
  const value = parseJavaDouble(decodeUtf8(bytes, start, end));
  if (value === undefined) throw notNumber(bytes, start, end);
  return value;
}

const notNumber = (bytes: Uint8Array, start: number, end: number): NumberFormatException =>
  new NumberFormatException(`For input string: "${decodeUtf8(bytes, start, end)}"`);
