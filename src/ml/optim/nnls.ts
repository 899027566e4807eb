import { blas } from "../../linalg/index.js";

const { dot } = blas;

/** y = A x for a full symmetric matrix stored column by column. */
function times(A: Float64Array, x: Float64Array, y: Float64Array): void {
  const n = x.length;
  y.fill(0);
  for (let j = 0, k = 0; j < n; j++) {
    const xj = x[j];
    for (let i = 0; i < n; i++) y[i] += A[k++] * xj;
  }
}

/** Why to stop: no usable step, or a direction too short to matter. */
const useless = (step: number, ndir: number, nx: number): boolean =>
  Number.isNaN(step) || step < 1e-7 || step > 1e40 || ndir < 1e-12 * nx || ndir < 1e-32;

/**
 * Least squares with non-negative solution: minimises x' A x / 2 - x' b over x >= 0, A full and symmetric.
 * Projected gradients with conjugate directions while no bound becomes active (after Polyak, 1969), as Spark's NNLS.
 */
export function nonNegativeLeastSquares(A: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  const residual = new Float64Array(n);
  const product = new Float64Array(n);
  let lastDirection = new Float64Array(n);
  let lastNorm = 0;
  let lastWall = 0;
  const stepAlong = (d: Float64Array): number => {
    times(A, d, product);
    return dot(d, residual) / (dot(product, d) + 1e-20);
  };
  const limit = Math.max(400, 20 * n);
  for (let iteration = 0; iteration < limit; iteration++) {
    times(A, x, residual);
    blas.axpy(-1, b, residual);
    const gradient = residual.map((r, i) => (r > 0 && x[i] === 0 ? 0 : r));
    const norm = dot(gradient, gradient);
    const nx = dot(x, x);
    let direction = gradient;
    let step = stepAlong(gradient);
    if (iteration > lastWall + 1) {
      const conjugate = gradient.map((g, i) => g + (norm / lastNorm) * lastDirection[i]);
      const conjugateStep = stepAlong(conjugate);
      if (!useless(conjugateStep, dot(conjugate, conjugate), nx)) {
        direction = conjugate;
        step = conjugateStep;
      }
    }
    if (useless(step, dot(direction, direction), nx)) return x;
    for (let i = 0; i < n; i++) if (step * direction[i] > x[i]) step = x[i] / direction[i];
    for (let i = 0; i < n; i++) {
      if (step * direction[i] > x[i] * (1 - 1e-14)) {
        x[i] = 0;
        lastWall = iteration;
      } else {
        x[i] -= step * direction[i];
      }
    }
    lastDirection = direction;
    lastNorm = norm;
  }
  return x;
}
