import { DenseMatrix, DenseVector, SparseMatrix, SparseVector } from "../../linalg/index.js";
import { definePortableClass } from "./portable-class.js";

type SparseVectorParts = readonly [number, Int32Array, Float64Array];
type DenseMatrixParts = readonly [number, number, Float64Array, boolean];
type SparseMatrixParts = readonly [number, number, Int32Array, Int32Array, Float64Array, boolean];

definePortableClass<DenseVector>({
  name: "DenseVector",
  matches: (value): value is DenseVector => value instanceof DenseVector,
  take: (vector) => vector.values,
  make: (values) => new DenseVector(values as Float64Array),
});

definePortableClass<SparseVector>({
  name: "SparseVector",
  matches: (value): value is SparseVector => value instanceof SparseVector,
  take: (vector) => [vector.size, vector.indices, vector.values],
  make: (parts) => new SparseVector(...(parts as SparseVectorParts)),
});

definePortableClass<DenseMatrix>({
  name: "DenseMatrix",
  matches: (value): value is DenseMatrix => value instanceof DenseMatrix,
  take: (matrix) => [matrix.numRows, matrix.numCols, matrix.values, matrix.isTransposed],
  make: (parts) => new DenseMatrix(...(parts as DenseMatrixParts)),
});

definePortableClass<SparseMatrix>({
  name: "SparseMatrix",
  matches: (value): value is SparseMatrix => value instanceof SparseMatrix,
  take: (m) => [m.numRows, m.numCols, m.colPtrs, m.rowIndices, m.values, m.isTransposed],
  make: (parts) => new SparseMatrix(...(parts as SparseMatrixParts)),
});
