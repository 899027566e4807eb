import type { SketchItem } from "./bloom-filter.js";
import { IllegalArgumentException } from "./errors.js";
import { murmur3SqlBytes } from "./murmur3.js";
import { JavaRandom } from "./xorshift-random.js";

/** Size of a sketch: by its error (relative to the number of items) and how sure that is, or by its table. */
export type CountMinSketchShape =
  | { readonly eps: number; readonly confidence: number; readonly seed: number | bigint }
  | { readonly depth: number; readonly width: number; readonly seed: number | bigint };

const VERSION = 1;
const HEADER_BYTES = 20;
const MAX_INT = 2147483647;
const encoder = new TextEncoder();

/**
 * Counts that are never too low and rarely much too high (`org.apache.spark.util.sketch.CountMinSketch`); its bytes are Spark's.
 *
 *   int32 version | int64 total | int32 depth | int32 width | int64 hash factor of each row | int64 counts, row by row; big-endian
 */
export class CountMinSketch {
  private total = 0;

  private constructor(
    private readonly rows: number,
    private readonly columns: number,
    private readonly factors: readonly bigint[],
    private readonly counts: Float64Array,
    private readonly eps = 2 / columns,
    private readonly sureness = 1 - 1 / 2 ** rows,
  ) {}

  static create(shape: CountMinSketchShape): CountMinSketch {
    const byError = "eps" in shape;
    if (byError && !(shape.eps > 0)) throw new IllegalArgumentException("Relative error must be positive");
    if (byError && !(shape.confidence > 0 && shape.confidence < 1)) {
      throw new IllegalArgumentException("Confidence must be within range (0.0, 1.0)");
    }
    const depth = byError ? Math.ceil(-Math.log(1 - shape.confidence) / Math.LN2) : shape.depth;
    const width = byError ? Math.ceil(2 / shape.eps) : shape.width;
    if (!(depth > 0 && width > 0)) throw new IllegalArgumentException("Depth and width must be both positive");
    const random = new JavaRandom(shape.seed);
    const factors = Array.from({ length: depth }, () => BigInt(random.nextInt(MAX_INT)));
    const counts = new Float64Array(depth * width);
    return byError
      ? new CountMinSketch(depth, width, factors, counts, shape.eps, shape.confidence)
      : new CountMinSketch(depth, width, factors, counts);
  }

  /** The sketch that {@link toByteArray}, or Spark, wrote. */
  static readFrom(bytes: Uint8Array): CountMinSketch {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (view.getInt32(0) !== VERSION) {
      throw new IllegalArgumentException(`Unexpected Count-Min Sketch version number: ${view.getInt32(0)}`);
    }
    const [depth, width] = [view.getInt32(12), view.getInt32(16)];
    const factors = Array.from({ length: depth }, (_, i) => view.getBigInt64(HEADER_BYTES + 8 * i));
    const start = HEADER_BYTES + 8 * depth;
    const counts = Float64Array.from({ length: depth * width }, (_, i) => Number(view.getBigInt64(start + 8 * i)));
    const sketch = new CountMinSketch(depth, width, factors, counts);
    sketch.total = Number(view.getBigInt64(4));
    return sketch;
  }

  depth(): number {
    return this.rows;
  }
  width(): number {
    return this.columns;
  }
  relativeError(): number {
    return this.eps;
  }
  confidence(): number {
    return this.sureness;
  }
  /** Number of items that were added. */
  totalCount(): number {
    return this.total;
  }

  add(item: SketchItem, count = 1): void {
    if (count < 0) throw new IllegalArgumentException(`Negative increments not implemented, got ${count}`);
    this.cells(item).forEach((cell) => (this.counts[cell] += count));
    this.total += count;
  }
  addLong(item: number | bigint, count = 1): void {
    this.add(item, count);
  }
  addString(item: string, count = 1): void {
    this.add(item, count);
  }
  addBinary(item: Uint8Array, count = 1): void {
    this.add(item, count);
  }
  /** How often the item was added, at most. */
  estimateCount(item: SketchItem): number {
    return Math.min(...this.cells(item).map((cell) => this.counts[cell]));
  }
  /** Adds the counts of a sketch of the same size and seed. */
  mergeInPlace(other: CountMinSketch): this {
    const same = this.rows === other.rows && this.columns === other.columns;
    if (!same || this.factors.some((factor, i) => factor !== other.factors[i])) {
      throw new IllegalArgumentException("Cannot merge Count-Min Sketches of different sizes or seeds");
    }
    for (let i = 0; i < this.counts.length; i++) this.counts[i] += other.counts[i];
    this.total += other.total;
    return this;
  }

  toByteArray(): Uint8Array {
    const start = HEADER_BYTES + 8 * this.rows;
    const bytes = new Uint8Array(start + 8 * this.counts.length);
    const view = new DataView(bytes.buffer);
    view.setInt32(0, VERSION);
    view.setBigInt64(4, BigInt(this.total));
    view.setInt32(12, this.rows);
    view.setInt32(16, this.columns);
    this.factors.forEach((factor, i) => view.setBigInt64(HEADER_BYTES + 8 * i, factor));
    this.counts.forEach((count, i) => view.setBigInt64(start + 8 * i, BigInt(count)));
    return bytes;
  }

  /** The item's cell in every row. */
  private cells(item: SketchItem): number[] {
    if (typeof item === "number" || typeof item === "bigint") {
      return this.factors.map((factor, row) => {
        const product = BigInt.asIntN(64, factor * BigInt(item));
        const mixed = BigInt.asIntN(64, product + (product >> 32n)) & BigInt(MAX_INT);
        return row * this.columns + Number(mixed % BigInt(this.columns));
      });
    }
    const bytes = typeof item === "string" ? encoder.encode(item) : item;
    const first = murmur3SqlBytes(bytes, 0, bytes.length, 0);
    const second = murmur3SqlBytes(bytes, 0, bytes.length, first);
    return this.factors.map(
      (_, row) => row * this.columns + Math.abs(((first + Math.imul(row, second)) | 0) % this.columns),
    );
  }
}
