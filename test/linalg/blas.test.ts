import { describe, expect, it } from "vitest";
import {
  blas,
  DenseMatrix,
  DenseVector,
  invertPacked,
  SingularMatrixException,
  solvePacked,
  svd,
  symmetricEigen,
  unpackSymmetric,
} from "../../src/linalg/index.js";

const rows = [
  [1, 2, 0.5],
  [0, 1, -1],
  [3, 0, 2],
  [1, 1, 1],
];
const gram = (): Float64Array => {
  const U = new Float64Array(6);
  for (const row of rows) blas.spr(1, new DenseVector(row).toSparse(), U);
  return U;
};
const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i], 11);
};

it("accumulates the same packed Gram matrix from dense and sparse rows", () => {
  const dense = new Float64Array(6);
  for (const row of rows) blas.spr(1, Float64Array.from(row), dense);
  close(gram(), dense);
});

describe("packed Cholesky", () => {
  it("solves and inverts", () => {
    const A = unpackSymmetric(3, gram());
    const x = new DenseVector([1, -2, 3]);
    const U = gram();
    close(solvePacked(U, A.multiply(x).values), x.values);
    const inverse = unpackSymmetric(3, invertPacked(U, 3));
    close(A.multiply(inverse).values, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const y = new Float64Array(3);
    blas.dspmv(3, 1, gram(), x.values, 0, y);
    close(y, A.multiply(x).values);
  });
  it("names a singular matrix", () => {
    expect(() => solvePacked(Float64Array.of(1, 1, 1), Float64Array.of(1, 1))).toThrow(SingularMatrixException);
  });
});

it("decomposes", () => {
  const A = unpackSymmetric(3, gram());
  const { values, vectors } = symmetricEigen(A);
  expect(values[0]).toBeGreaterThan(values[2]);
  const scaled = new DenseMatrix(
    3,
    3,
    vectors.values.map((v, k) => v * values[Math.floor(k / 3)]),
  );
  close(scaled.multiply(vectors.transpose()).values, A.values);
  const wide = new DenseMatrix(2, 3, [1, 4, 2, 5, 3, 7]);
  const { U, s, V } = svd(wide);
  const US = new DenseMatrix(
    U.numRows,
    s.length,
    U.values.map((v, k) => v * s[Math.floor(k / U.numRows)]),
  );
  close(US.multiply(V.transpose()).values, wide.values);
});

it("gemv and gemm scale the old result", () => {
  const A = new DenseMatrix(2, 2, [1, 2, 3, 4]);
  const y = Float64Array.of(10, 20);
  blas.gemv(2, A, new DenseVector([1, 1]), 0.5, y);
  close(y, [13, 22]);
  const C = new DenseMatrix(2, 2, [1, 1, 1, 1]);
  blas.gemm(1, A, A.transpose(), -1, C);
  close(C.values, [9, 13, 13, 19]);
});
