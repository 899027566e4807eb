import { alsSolve } from "../../src/kernels/als/reference.js";
import { instantiateKernels } from "../../src/kernels/index.js";
import { bestOf, kernelMemory } from "./best-of.js";

/** Milliseconds of solving `rows` rows of `each` ratings at a rank, on one thread: kernel, and scalar reference. */
export function alsKernel(rows = 5000, each = 40, rank = 10, numFactors = 2000): { kernel: number; reference: number } {
  const stride = rank + (rank & 1);
  const { memory, take } = kernelMemory(8 * rows * each + 4 * (rows + numFactors) * stride + 65_536);
  const kernels = instantiateKernels(memory);
  const [indptr, indices, ratings] = [take(4 * (rows + 1)), take(4 * rows * each), take(4 * rows * each)];
  const [source, target] = [take(4 * numFactors * stride), take(4 * rows * stride)];
  const work = take(kernels.als_work_bytes(stride));
  const factors = Array.from({ length: numFactors }, () => Array.from({ length: rank }, () => Math.random() - 0.5));
  factors.forEach((factor, i) => new Float32Array(memory.buffer, source, numFactors * stride).set(factor, i * stride));
  new Int32Array(memory.buffer, indptr, rows + 1).set(Array.from({ length: rows + 1 }, (_, i) => i * each));
  const columns = new Int32Array(memory.buffer, indices, rows * each);
  const values = new Float32Array(memory.buffer, ratings, rows * each);
  for (let i = 0; i < columns.length; i++) {
    columns[i] = Math.floor(Math.random() * numFactors);
    values[i] = 1 + 4 * Math.random();
  }
  const solve = (): number =>
    kernels.als_solve(...[indptr, indices, ratings, 0, rows, source, target, rank, stride, 0.1, 0, 1, 0, work]);
  return {
    kernel: bestOf(10, solve),
    reference: bestOf(3, () => {
      for (let r = 0; r < rows; r++) {
        const at = [...columns.subarray(r * each, (r + 1) * each)];
        alsSolve(
          at.map((i) => factors[i]),
          [...values.subarray(r * each, (r + 1) * each)],
          0.1,
        );
      }
    }),
  };
}

if (import.meta.filename === process.argv[1]) console.log("ALS solve, ms:", alsKernel());
