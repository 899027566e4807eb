import { IllegalArgumentException, javaDouble } from "../common/index.js";
import { gridText } from "./grid-text.js";
import { DenseVector, jsonDoubles, type Vector } from "./vector.js";

export interface DenseMatrixJson {
  readonly type: 1;
  readonly numRows: number;
  readonly numCols: number;
  readonly values: (number | string)[];
  readonly isTransposed: boolean;
}
export interface SparseMatrixJson {
  readonly type: 0;
  readonly numRows: number;
  readonly numCols: number;
  readonly colPtrs: number[];
  readonly rowIndices: number[];
  readonly values: (number | string)[];
  readonly isTransposed: boolean;
}
export type MatrixJson = DenseMatrixJson | SparseMatrixJson;

const ARRAY_HEADER = 12;
const doubles = (values: ArrayLike<number>): Float64Array =>
  values instanceof Float64Array ? values : Float64Array.from(values);
const ints = (values: ArrayLike<number>): Int32Array =>
  values instanceof Int32Array ? values : Int32Array.from(values);

/** A local matrix of doubles: {@link DenseMatrix} or {@link SparseMatrix}; column-major unless `isTransposed`. */
export abstract class Matrix {
  abstract readonly numRows: number;
  abstract readonly numCols: number;
  abstract readonly isTransposed: boolean;
  /** Stored values, in storage order. */
  abstract readonly values: Float64Array;
  abstract transpose(): Matrix;
  abstract copy(): Matrix;
  /** Visits the stored elements in storage order. */
  abstract foreachActive(visit: (row: number, col: number, value: number) => void): void;
  abstract toJSON(): MatrixJson;
  protected abstract at(row: number, col: number): number;

  /** Element at (`row`, `col`). */
  get(row: number, col: number): number {
    const check = (what: string, i: number, n: number): void => {
      if (!(i >= 0 && i < n)) throw new IllegalArgumentException(`${what} index ${i} is out of range [0, ${n})`);
    };
    check("Row", row, this.numRows);
    check("Column", col, this.numCols);
    return this.at(row, col);
  }

  get numActives(): number {
    return this.values.length;
  }

  numNonzeros(): number {
    let n = 0;
    for (const v of this.values) if (v !== 0) n++;
    return n;
  }

  /** The rows, each as a new array. */
  toArray(): Float64Array[] {
    const rows = Array.from({ length: this.numRows }, () => new Float64Array(this.numCols));
    this.foreachActive((i, j, v) => (rows[i][j] = v));
    return rows;
  }

  /** All values in column-major order, as a new array. */
  toColumnMajor(): Float64Array {
    const all = new Float64Array(this.numRows * this.numCols);
    this.foreachActive((i, j, v) => (all[i + j * this.numRows] = v));
    return all;
  }

  *rowIter(): IterableIterator<DenseVector> {
    for (const row of this.toArray()) yield new DenseVector(row);
  }
  *colIter(): IterableIterator<DenseVector> {
    for (const column of this.transpose().toArray()) yield new DenseVector(column);
  }

  toDenseRowMajor(): DenseMatrix {
    const transposed = this.transpose().toColumnMajor();
    return new DenseMatrix(this.numRows, this.numCols, transposed, true);
  }
  toDenseColMajor(): DenseMatrix {
    return new DenseMatrix(this.numRows, this.numCols, this.toColumnMajor());
  }
  /** Dense form in the present orientation. */
  toDense(): DenseMatrix {
    return this.isTransposed ? this.toDenseRowMajor() : this.toDenseColMajor();
  }
  toSparseRowMajor(): SparseMatrix {
    return this.transpose().toSparseColMajor().transpose();
  }
  toSparseColMajor(): SparseMatrix {
    const { numRows, numCols } = this;
    const colPtrs = new Int32Array(numCols + 1);
    this.foreachActive((_, j, v) => {
      if (v !== 0) colPtrs[j + 1]++;
    });
    for (let j = 0; j < numCols; j++) colPtrs[j + 1] += colPtrs[j];
    const rowIndices = new Int32Array(colPtrs[numCols]);
    const values = new Float64Array(colPtrs[numCols]);
    const all = this.toColumnMajor();
    for (let at = 0, k = 0; at < all.length; at++) {
      if (all[at] === 0) continue;
      rowIndices[k] = at % numRows;
      values[k++] = all[at];
    }
    return new SparseMatrix(numRows, numCols, colPtrs, rowIndices, values);
  }
  /** Sparse form (no stored zeros) in the present orientation. */
  toSparse(): SparseMatrix {
    return this.isTransposed ? this.toSparseRowMajor() : this.toSparseColMajor();
  }

  private sparseBytes(majors: number): number {
    return 12 * this.numNonzeros() + 4 * (majors + 1) + 3 * ARRAY_HEADER;
  }
  private get denseBytes(): number {
    return 8 * this.numRows * this.numCols + ARRAY_HEADER;
  }
  /** The form that takes the least memory: dense, sparse column-major or sparse row-major. */
  compressed(): Matrix {
    const csc = this.sparseBytes(this.numCols);
    const csr = this.sparseBytes(this.numRows);
    if (this.denseBytes <= Math.min(csc, csr)) return this.toDense();
    return csc <= csr ? this.toSparseColMajor() : this.toSparseRowMajor();
  }
  compressedColMajor(): Matrix {
    return this.denseBytes <= this.sparseBytes(this.numCols) ? this.toDenseColMajor() : this.toSparseColMajor();
  }
  compressedRowMajor(): Matrix {
    return this.denseBytes <= this.sparseBytes(this.numRows) ? this.toDenseRowMajor() : this.toSparseRowMajor();
  }

  /** Product with a vector, or with a matrix (which gives a dense column-major matrix). */
  multiply(other: Vector): DenseVector;
  multiply(other: Matrix): DenseMatrix;
  multiply(other: Vector | Matrix): DenseVector | DenseMatrix {
    const { numRows, numCols } = this;
    const inner = other instanceof Matrix ? other.numRows : other.size;
    if (inner !== numCols) {
      throw new IllegalArgumentException(
        `The columns of A don't match the rows of B. A: ${numCols}, B: ${inner}: dimension mismatch`,
      );
    }
    const width = other instanceof Matrix ? other.numCols : 1;
    const right = other instanceof Matrix ? other.toColumnMajor() : other.toArray();
    const product = new Float64Array(numRows * width);
    this.foreachActive((i, j, v) => {
      for (let c = 0; c < width; c++) product[i + c * numRows] += v * right[j + c * numCols];
    });
    return other instanceof Matrix ? new DenseMatrix(numRows, width, product) : new DenseVector(product);
  }

  /** New matrix of the same form with every stored value mapped. */
  map(f: (value: number) => number): Matrix {
    const result = this.copy();
    for (let k = 0; k < result.values.length; k++) result.values[k] = f(result.values[k]);
    return result;
  }

  equals(other: unknown): boolean {
    if (!(other instanceof Matrix) || other.numRows !== this.numRows || other.numCols !== this.numCols) return false;
    const theirs = other.toColumnMajor();
    return this.toColumnMajor().every((v, k) => v === theirs[k]);
  }
}

export class DenseMatrix extends Matrix {
  readonly values: Float64Array;

  /** `values` in column-major order, or row-major when `isTransposed`; a `Float64Array` is used as it is. */
  constructor(
    readonly numRows: number,
    readonly numCols: number,
    values: ArrayLike<number>,
    readonly isTransposed: boolean = false,
  ) {
    super();
    if (values.length !== numRows * numCols) {
      throw new IllegalArgumentException(
        "requirement failed: The number of values supplied doesn't match the size of the matrix! " +
          `values.length: ${values.length}, numRows * numCols: ${numRows * numCols}`,
      );
    }
    this.values = doubles(values);
  }

  protected at(row: number, col: number): number {
    return this.values[this.isTransposed ? row * this.numCols + col : row + col * this.numRows];
  }

  foreachActive(visit: (row: number, col: number, value: number) => void): void {
    const { values, isTransposed } = this;
    const minor = isTransposed ? this.numCols : this.numRows;
    for (let k = 0; k < values.length; k++) {
      const major = Math.floor(k / minor);
      if (isTransposed) visit(major, k - major * minor, values[k]);
      else visit(k - major * minor, major, values[k]);
    }
  }

  transpose(): DenseMatrix {
    return new DenseMatrix(this.numCols, this.numRows, this.values, !this.isTransposed);
  }

  copy(): DenseMatrix {
    return new DenseMatrix(this.numRows, this.numCols, this.values.slice(), this.isTransposed);
  }

  toJSON(): DenseMatrixJson {
    const { numRows, numCols, isTransposed } = this;
    return { type: 1, numRows, numCols, values: jsonDoubles(this.values), isTransposed };
  }

  override toString(maxLines?: number, maxLineWidth?: number): string {
    return gridText(this.numRows, this.numCols, (i, j) => javaDouble(this.at(i, j)), maxLines, maxLineWidth);
  }
}

/** Compressed sparse columns, or compressed sparse rows when `isTransposed`. */
export class SparseMatrix extends Matrix {
  readonly colPtrs: Int32Array;
  readonly rowIndices: Int32Array;
  readonly values: Float64Array;

  constructor(
    readonly numRows: number,
    readonly numCols: number,
    colPtrs: ArrayLike<number>,
    rowIndices: ArrayLike<number>,
    values: ArrayLike<number>,
    readonly isTransposed: boolean = false,
  ) {
    super();
    const majors = isTransposed ? numRows : numCols;
    if (colPtrs.length !== majors + 1) {
      throw new IllegalArgumentException(`Expected colPtrs of size ${majors + 1}, got ${colPtrs.length}.`);
    }
    if (rowIndices.length !== values.length) {
      throw new IllegalArgumentException(`Expected rowIndices of length ${rowIndices.length}, got ${values.length}.`);
    }
    if (colPtrs[majors] !== values.length) {
      throw new IllegalArgumentException(
        `requirement failed: The last value of colPtrs must equal the number of elements. ` +
          `values.length: ${values.length}, colPtrs.last: ${colPtrs[majors]}`,
      );
    }
    this.colPtrs = ints(colPtrs);
    this.rowIndices = ints(rowIndices);
    this.values = doubles(values);
  }

  protected at(row: number, col: number): number {
    const [major, minor] = this.isTransposed ? [row, col] : [col, row];
    for (let k = this.colPtrs[major]; k < this.colPtrs[major + 1]; k++) {
      if (this.rowIndices[k] === minor) return this.values[k];
    }
    return 0;
  }

  foreachActive(visit: (row: number, col: number, value: number) => void): void {
    const { colPtrs, rowIndices, values, isTransposed } = this;
    for (let major = 0; major + 1 < colPtrs.length; major++) {
      for (let k = colPtrs[major]; k < colPtrs[major + 1]; k++) {
        if (isTransposed) visit(major, rowIndices[k], values[k]);
        else visit(rowIndices[k], major, values[k]);
      }
    }
  }

  transpose(): SparseMatrix {
    return new SparseMatrix(this.numCols, this.numRows, this.colPtrs, this.rowIndices, this.values, !this.isTransposed);
  }

  copy(): SparseMatrix {
    return new SparseMatrix(
      this.numRows,
      this.numCols,
      this.colPtrs.slice(),
      this.rowIndices.slice(),
      this.values.slice(),
      this.isTransposed,
    );
  }

  toJSON(): SparseMatrixJson {
    const { numRows, numCols, isTransposed } = this;
    const colPtrs = Array.from(this.colPtrs);
    const rowIndices = Array.from(this.rowIndices);
    return { type: 0, numRows, numCols, colPtrs, rowIndices, values: jsonDoubles(this.values), isTransposed };
  }

  override toString(maxLines = 21): string {
    const lines: string[] = [];
    const columns = this.isTransposed ? this.toSparseColMajor() : this;
    columns.foreachActive((i, j, v) => {
      if (lines.length < maxLines - 1) lines.push(`\n(${i},${j}) ${javaDouble(v)}`);
    });
    return `${this.numRows} x ${this.numCols} CSCMatrix${lines.join("")}`;
  }
}
