import { inverse, LuDecomposition, Matrix as Grid } from "ml-matrix";

const grid = (rows: readonly Float64Array[]): Grid => new Grid(rows as unknown as number[][]);

/** Solution of A x = b for a square A given by its rows; a singular A gives its least-squares solution. */
export function solve(A: readonly Float64Array[], b: Float64Array): Float64Array {
  const decomposed = new LuDecomposition(grid(A));
  if (decomposed.isSingular()) return Float64Array.from(inverse(grid(A), true).mmul(Grid.columnVector(b)).to1DArray());
  return Float64Array.from(decomposed.solve(Grid.columnVector(b)).to1DArray());
}

/** Inverse of a square matrix given by its rows; the pseudo-inverse where it is singular. */
export function invert(A: readonly Float64Array[]): Float64Array[] {
  const singular = new LuDecomposition(grid(A)).isSingular();
  return inverse(grid(A), singular)
    .to2DArray()
    .map((row) => Float64Array.from(row));
}
