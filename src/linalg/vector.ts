import { IllegalArgumentException, javaDouble } from "../common/index.js";
import { doubleHash } from "./double-hash.js";

/** Anything that can stand for a vector in an operation: a vector, an array or a typed array of numbers. */
export type VectorLike = Vector | ArrayLike<number>;

export interface DenseVectorJson {
  readonly type: 1;
  readonly values: (number | string)[];
}
export interface SparseVectorJson {
  readonly type: 0;
  readonly size: number;
  readonly indices: number[];
  readonly values: (number | string)[];
}
export type VectorJson = DenseVectorJson | SparseVectorJson;

/** Doubles as Spark writes them in JSON: numbers that JSON lacks become text. */
export const jsonDoubles = (values: Iterable<number>): (number | string)[] =>
  Array.from(values, (v) => (Number.isFinite(v) ? v : javaDouble(v)));

const MAX_HASHED_NONZEROS = 128;
const dimensions = (): IllegalArgumentException => new IllegalArgumentException("dimension mismatch");

/** A local vector of doubles: {@link DenseVector} or {@link SparseVector}. */
export abstract class Vector implements Iterable<number> {
  abstract readonly size: number;
  /** Stored values: all of a dense vector, the active ones of a sparse vector. */
  abstract readonly values: Float64Array;
  abstract get(index: number): number;
  /** All values; a dense vector returns its own array, not a copy. */
  abstract toArray(): Float64Array;
  abstract toDense(): DenseVector;
  abstract copy(): Vector;
  abstract equals(other: unknown): boolean;
  abstract dot(other: VectorLike): number;
  abstract squaredDistance(other: VectorLike): number;
  /** Index of the largest value (the first of equals); -1 for an empty vector. */
  abstract argmax(): number;
  abstract foreachActive(visit: (index: number, value: number) => void): void;
  abstract toJSON(): VectorJson;

  get length(): number {
    return this.size;
  }

  /** Number of stored values. */
  get numActives(): number {
    return this.values.length;
  }

  /** Number of values that are not zero. */
  numNonzeros(): number {
    let n = 0;
    for (const v of this.values) if (v !== 0) n++;
    return n;
  }

  /** The p-norm; `p` may be Infinity. */
  norm(p: number): number {
    const { values } = this;
    let total = 0;
    if (p === Infinity) for (const v of values) total = Math.max(total, Math.abs(v));
    else if (p === -Infinity) total = values.reduce((least, v) => Math.min(least, Math.abs(v)), Infinity);
    else if (p === 0) total = this.numNonzeros();
    else if (p === 1) for (const v of values) total += Math.abs(v);
    else if (p === 2) {
      for (const v of values) total += v * v;
      total = Math.sqrt(total);
    } else {
      for (const v of values) total += Math.pow(Math.abs(v), p);
      total = Math.pow(total, 1 / p);
    }
    return total;
  }

  /** Alias of {@link squaredDistance} under pyspark's name. */
  squared_distance(other: VectorLike): number {
    return this.squaredDistance(other);
  }

  toSparse(): SparseVector {
    const n = this.numNonzeros();
    const indices = new Int32Array(n);
    const values = new Float64Array(n);
    let k = 0;
    this.foreachActive((i, v) => {
      if (v === 0) return;
      indices[k] = i;
      values[k++] = v;
    });
    return new SparseVector(this.size, indices, values);
  }

  /** The form, dense or sparse, that takes less memory. */
  compressed(): Vector {
    return 3 * this.numNonzeros() + 4 < 2 * this.size ? this.toSparse() : this.toDense();
  }

  hashCode(): number {
    let hash = (31 + this.size) | 0;
    let seen = 0;
    this.foreachActive((i, v) => {
      if (v === 0 || seen >= MAX_HASHED_NONZEROS) return;
      hash = (Math.imul(31, hash) + i) | 0;
      hash = (Math.imul(31, hash) + doubleHash(v)) | 0;
      seen++;
    });
    return hash;
  }

  [Symbol.iterator](): Iterator<number> {
    return this.toArray()[Symbol.iterator]();
  }
}

/** A vector that stores all its values. */
export class DenseVector extends Vector {
  readonly values: Float64Array;

  /** A `Float64Array` is used as it is, without copying. */
  constructor(values: Iterable<number> | ArrayLike<number>) {
    super();
    this.values = values instanceof Float64Array ? values : Float64Array.from(values as ArrayLike<number>);
  }

  get size(): number {
    return this.values.length;
  }

  /** Value at `index`; a negative index counts from the end. */
  get(index: number): number {
    const at = index < 0 ? index + this.size : index;
    if (!(at >= 0 && at < this.size)) {
      throw new IllegalArgumentException(`index ${index} is out of bounds for axis 0 with size ${this.size}`);
    }
    return this.values[at];
  }

  slice(start?: number, end?: number): Float64Array {
    return this.values.slice(start, end);
  }

  toArray(): Float64Array {
    return this.values;
  }

  toDense(): DenseVector {
    return this;
  }

  copy(): DenseVector {
    return new DenseVector(this.values.slice());
  }

  foreachActive(visit: (index: number, value: number) => void): void {
    for (let i = 0; i < this.values.length; i++) visit(i, this.values[i]);
  }

  argmax(): number {
    let best = this.size === 0 ? -1 : 0;
    for (let i = 1; i < this.size; i++) if (this.values[i] > this.values[best]) best = i;
    return best;
  }

  dot(other: VectorLike): number {
    if (other instanceof SparseVector) return other.dot(this);
    const x = this.values;
    const y = other instanceof Vector ? other.values : other;
    if (x.length !== y.length) throw dimensions();
    let total = 0;
    for (let i = 0; i < x.length; i++) total += x[i] * y[i];
    return total;
  }

  squaredDistance(other: VectorLike): number {
    if (other instanceof SparseVector) return other.squaredDistance(this);
    const x = this.values;
    const y = other instanceof Vector ? other.values : other;
    if (x.length !== y.length) throw dimensions();
    let total = 0;
    for (let i = 0; i < x.length; i++) total += (x[i] - y[i]) ** 2;
    return total;
  }

  equals(other: unknown): boolean {
    if (other instanceof DenseVector) {
      return this.size === other.size && this.values.every((v, i) => v === other.values[i]);
    }
    return other instanceof SparseVector && other.equals(this);
  }

  private combine(other: VectorLike | number, f: (a: number, b: number) => number): DenseVector {
    if (typeof other === "number") return new DenseVector(this.values.map((v) => f(v, other)));
    const y = other instanceof Vector ? other.toArray() : other;
    if (y.length !== this.size) {
      throw new IllegalArgumentException(
        `operands could not be broadcast together with shapes (${this.size},) (${y.length},)`,
      );
    }
    return new DenseVector(this.values.map((v, i) => f(v, y[i])));
  }

  plus(other: VectorLike | number): DenseVector {
    return this.combine(other, (a, b) => a + b);
  }
  minus(other: VectorLike | number): DenseVector {
    return this.combine(other, (a, b) => a - b);
  }
  times(other: VectorLike | number): DenseVector {
    return this.combine(other, (a, b) => a * b);
  }
  divide(other: VectorLike | number): DenseVector {
    return this.combine(other, (a, b) => a / b);
  }
  /** Remainder with the sign of the divisor, as in Python. */
  mod(other: VectorLike | number): DenseVector {
    return this.combine(other, (a, b) => a - b * Math.floor(a / b));
  }
  negate(): DenseVector {
    return new DenseVector(this.values.map((v) => -v));
  }

  toJSON(): DenseVectorJson {
    return { type: 1, values: jsonDoubles(this.values) };
  }

  override toString(): string {
    return `[${Array.from(this.values, javaDouble).join(",")}]`;
  }
}

/** A vector that stores the positions and values of its active elements; all others are zero. */
export class SparseVector extends Vector {
  readonly size: number;
  readonly indices: Int32Array;
  readonly values: Float64Array;

  /** `Int32Array` indices and `Float64Array` values are used as they are. Indices must ascend strictly. */
  constructor(size: number, indices: ArrayLike<number>, values: ArrayLike<number>) {
    super();
    this.size = size;
    this.indices = indices instanceof Int32Array ? indices : Int32Array.from(indices);
    this.values = values instanceof Float64Array ? values : Float64Array.from(values);
    this.check();
  }

  private check(): void {
    const { size, indices, values } = this;
    if (!(Number.isInteger(size) && size >= 0)) {
      throw new IllegalArgumentException("The size of the requested sparse vector must be no less than 0.");
    }
    if (indices.length !== values.length) {
      throw new IllegalArgumentException(
        `index and value arrays not same length: ${indices.length} indices, ${values.length} values`,
      );
    }
    let previous = -1;
    for (let k = 0; k < indices.length; k++) {
      const i = indices[k];
      if (i < 0) throw new IllegalArgumentException(`Contains negative index ${i}`);
      if (k > 0 && i <= previous) {
        throw new IllegalArgumentException(`Indices ${previous} and ${i} are not strictly increasing`);
      }
      previous = i;
    }
    if (previous >= size) {
      throw new IllegalArgumentException(`Index ${previous} is out of the size of vector with size=${size}`);
    }
  }

  /** Position in `indices` of the first entry not below `index`. */
  private lowerBound(index: number): number {
    let low = 0;
    let high = this.indices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.indices[middle] < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Value at `index`; a negative index counts from the end. */
  get(index: number): number {
    const at = index < 0 ? index + this.size : index;
    if (!(at >= 0 && at < this.size)) throw new IllegalArgumentException(`Index ${index} out of bounds.`);
    const k = this.lowerBound(at);
    return this.indices[k] === at ? this.values[k] : 0;
  }

  toArray(): Float64Array {
    const all = new Float64Array(this.size);
    for (let k = 0; k < this.indices.length; k++) all[this.indices[k]] = this.values[k];
    return all;
  }

  toDense(): DenseVector {
    return new DenseVector(this.toArray());
  }

  override toSparse(): SparseVector {
    return this.numNonzeros() === this.values.length ? this : super.toSparse();
  }

  copy(): SparseVector {
    return new SparseVector(this.size, this.indices.slice(), this.values.slice());
  }

  foreachActive(visit: (index: number, value: number) => void): void {
    for (let k = 0; k < this.indices.length; k++) visit(this.indices[k], this.values[k]);
  }

  argmax(): number {
    const { size, indices, values } = this;
    if (size === 0) return -1;
    if (indices.length === 0) return 0;
    let best = 0;
    for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
    if (values[best] > 0 || indices.length === size) return indices[best];
    let gap = 0;
    while (gap < indices.length && indices[gap] === gap) gap++;
    return values[best] === 0 ? Math.min(indices[best], gap) : gap;
  }

  dot(other: VectorLike): number {
    if ((other instanceof Vector ? other.size : other.length) !== this.size) throw dimensions();
    const { indices, values } = this;
    let total = 0;
    if (other instanceof SparseVector) {
      for (let i = 0, j = 0; i < indices.length && j < other.indices.length;) {
        const d = indices[i] - other.indices[j];
        if (d === 0) total += values[i++] * other.values[j++];
        else if (d < 0) i++;
        else j++;
      }
      return total;
    }
    const y = other instanceof Vector ? other.values : other;
    for (let k = 0; k < indices.length; k++) total += values[k] * y[indices[k]];
    return total;
  }

  squaredDistance(other: VectorLike): number {
    if ((other instanceof Vector ? other.size : other.length) !== this.size) throw dimensions();
    const { indices, values } = this;
    let total = 0;
    if (other instanceof SparseVector) {
      let i = 0;
      let j = 0;
      while (i < indices.length || j < other.indices.length) {
        const a = i < indices.length ? indices[i] : this.size;
        const b = j < other.indices.length ? other.indices[j] : this.size;
        const d = (a <= b ? values[i++] : 0) - (b <= a ? other.values[j++] : 0);
        total += d * d;
      }
      return total;
    }
    const y = other instanceof Vector ? other.values : other;
    for (let i = 0, k = 0; i < y.length; i++) {
      const d = y[i] - (indices[k] === i ? values[k++] : 0);
      total += d * d;
    }
    return total;
  }

  /** Two sparse vectors are equal when they store the same; a sparse and a dense one when their values agree. */
  equals(other: unknown): boolean {
    if (other instanceof SparseVector) {
      return (
        this.size === other.size &&
        this.indices.length === other.indices.length &&
        this.indices.every((i, k) => i === other.indices[k] && this.values[k] === other.values[k])
      );
    }
    return other instanceof DenseVector && this.size === other.size && other.equals(this.toDense());
  }

  toJSON(): SparseVectorJson {
    return { type: 0, size: this.size, indices: Array.from(this.indices), values: jsonDoubles(this.values) };
  }

  override toString(): string {
    return `(${this.size},[${this.indices.join(",")}],[${Array.from(this.values, javaDouble).join(",")}])`;
  }
}
