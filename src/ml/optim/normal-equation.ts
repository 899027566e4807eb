import { blas, solvePacked } from "../../linalg/index.js";
import { nonNegativeLeastSquares } from "./nnls.js";

/** Accumulated normal equations of ALS: packed upper triangle of A'A, and A'b. Reference of the ALS kernel. */
export class NormalEquation {
  readonly ata: Float64Array;
  readonly atb: Float64Array;

  constructor(readonly rank: number) {
    this.ata = new Float64Array(blas.packedLength(rank));
    this.atb = new Float64Array(rank);
  }

  /** Adds an observation `a . x = b` with weight `c`. */
  add(a: Float64Array, b: number, c = 1): void {
    blas.spr(c, a, this.ata);
    if (b !== 0) blas.axpy(b, a, this.atb);
  }

  /** Adds the equations of another one of the same rank. */
  merge(other: NormalEquation): void {
    blas.axpy(1, other.ata, this.ata);
    blas.axpy(1, other.atb, this.atb);
  }

  reset(): void {
    this.ata.fill(0);
    this.atb.fill(0);
  }

  private addRidge(lambda: number): void {
    for (let i = 0; i < this.rank; i++) this.ata[blas.packedLength(i) + i] += lambda;
  }

  /** Solves (A'A + lambda I) x = A'b by Cholesky, in single precision as ALS stores its factors; resets the sums. */
  solve(lambda: number): Float32Array {
    this.addRidge(lambda);
    const x = Float32Array.from(solvePacked(this.ata, this.atb));
    this.reset();
    return x;
  }

  /** The same with x >= 0. */
  solveNonNegative(lambda: number): Float32Array {
    const n = this.rank;
    this.addRidge(lambda);
    const full = new Float64Array(n * n);
    for (let j = 0; j < n; j++) {
      for (let i = 0; i <= j; i++) full[i + j * n] = full[j + i * n] = this.ata[blas.packedLength(j) + i];
    }
    const x = Float32Array.from(nonNegativeLeastSquares(full, this.atb));
    this.reset();
    return x;
  }
}
