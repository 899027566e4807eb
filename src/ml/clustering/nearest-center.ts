import type { MixedVectorColumn } from "../../columnar/index.js";
import { IllegalArgumentException } from "../../common/index.js";

const EPSILON = 2 ** -52;
const PRECISION = 1e-6;

/** Finds nearest centres one vector at a time, with the sums Spark computes, so that ties fall as they do there. */
export class NearestCenter {
  private readonly centers: Float64Array;
  private readonly size: number;
  private readonly cosine: boolean;
  private readonly norms: Float64Array;

  /** `values` holds one centre of `size` coefficients after the other. */
  constructor({ values: centers, size, cosine }: { values: Float64Array; size: number; cosine: boolean }) {
    this.centers = centers;
    this.size = size;
    this.cosine = cosine;
    this.norms = new Float64Array(centers.length / size);
    for (let c = 0; c < this.norms.length; c++) {
      this.norms[c] = norm(centers, c * size, (c + 1) * size);
    }
  }

  /** Number of the centre nearest to row `row`, which is not null. */
  of(column: MixedVectorColumn, row: number): number {
    const { size, norms } = this;
    if (column.sizes[row] !== size) {
      throw new IllegalArgumentException(
        `requirement failed: Both vectors should have same length, found v1 is ${size} while v2 is ${column.sizes[row]}`,
      );
    }
    const length = norm(column.values, column.offsets[row], column.offsets[row + 1]);
    if (Number.isNaN(length)) {
      throw new IllegalArgumentException(
        `requirement failed: Both norms should be greater or equal to 0.0, found norm1=${norms[0]}, norm2=NaN`,
      );
    }
    if (this.cosine && length === 0) {
      throw new IllegalArgumentException("assertion failed: Cosine distance is not defined for zero-length vectors.");
    }
    let nearest = 0;
    let least = Infinity;
    for (let c = 0; c < norms.length; c++) {
      const distance = this.distance(column, row, c, length);
      if (distance < least) {
        least = distance;
        nearest = c;
      }
    }
    return nearest;
  }

  private distance(column: MixedVectorColumn, row: number, c: number, length: number): number {
    if (this.cosine) return 1 - this.dot(column, row, c) / this.norms[c] / length;
    if (column.kinds[row] === 1) return this.squaredDistance(column, row, c);
    const squares = this.norms[c] * this.norms[c] + length * length;
    const difference = this.norms[c] - length;
    const product = this.dot(column, row, c);
    if ((2 * EPSILON * squares) / (difference * difference + EPSILON) < PRECISION) return squares - 2 * product;
    const distance = Math.max(squares - 2 * product, 0);
    const bound = (EPSILON * (squares + 2 * Math.abs(product))) / (distance + EPSILON);
    return bound > PRECISION ? this.squaredDistance(column, row, c) : distance;
  }

  private dot(column: MixedVectorColumn, row: number, c: number): number {
    const { kinds, offsets, indices, values } = column;
    const base = c * this.size;
    const start = offsets[row];
    let sum = 0;
    for (let k = start; k < offsets[row + 1]; k++) {
      sum += this.centers[base + (kinds[row] === 1 ? k - start : indices[k])] * values[k];
    }
    return sum;
  }

  private squaredDistance(column: MixedVectorColumn, row: number, c: number): number {
    const { kinds, offsets, indices, values } = column;
    const base = c * this.size;
    const start = offsets[row];
    let sum = 0;
    if (kinds[row] === 1) {
      for (let f = 0; f < this.size; f++) {
        const difference = this.centers[base + f] - values[start + f];
        sum += difference * difference;
      }
      return sum;
    }
    for (let f = 0, k = start; f < this.size; f++) {
      const stored = k < offsets[row + 1] && indices[k] === f;
      const difference = this.centers[base + f] - (stored ? values[k++] : 0);
      sum += difference * difference;
    }
    return sum;
  }
}

function norm(values: Float64Array, start: number, end: number): number {
  let sum = 0;
  for (let k = start; k < end; k++) sum += values[k] * values[k];
  return Math.sqrt(sum);
}
