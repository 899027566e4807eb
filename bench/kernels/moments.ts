import { momentSums } from "../../src/kernels/moments/index.js";
import { bestOf } from "./best-of.js";
import { linearProblem } from "./linear-problem.js";

/** Milliseconds of the first two moments of `rows` x `d` doubles on one thread: kernel, and scalar reference. */
export function momentsKernel(rows = 200_000, d = 28): { kernel: number; reference: number } {
  const { kernels, x, doubles, rows: plain } = linearProblem(rows, d, 2);
  const [shift, out] = [doubles(d), doubles(2 * d)];
  return {
    kernel: bestOf(20, () => kernels.moments_dense(x, 0, rows, d, shift, out)),
    reference: bestOf(3, () => momentSums(plain, undefined, new Float64Array(d))),
  };
}

if (import.meta.filename === process.argv[1]) console.log("moments, ms:", momentsKernel());
