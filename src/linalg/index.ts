export {
  Vector,
  DenseVector,
  SparseVector,
  type VectorLike,
  type VectorJson,
  type DenseVectorJson,
  type SparseVectorJson,
} from "./vector.js";
export { Vectors } from "./vectors.js";
export {
  Matrix,
  DenseMatrix,
  SparseMatrix,
  type MatrixJson,
  type DenseMatrixJson,
  type SparseMatrixJson,
} from "./matrix.js";
export { Matrices } from "./matrices.js";
export { pythonFloat, pythonRepr, pythonStr } from "./python-text.js";
export * as blas from "./blas.js";
export { SingularMatrixException, invertPacked, solvePacked } from "./cholesky.js";
export { symmetricEigen, svd, unpackSymmetric, type Svd, type SymmetricEigen } from "./decompose.js";
export * as lu from "./lu.js";
