import { softmaxLoss } from "../../src/kernels/softmax-loss/index.js";
import { bestOf } from "./best-of.js";
import { linearProblem } from "./linear-problem.js";

/** Milliseconds of one multinomial loss and gradient over `rows` x `d` doubles on one thread: kernel, and scalar reference. */
export function softmaxLossKernel(rows = 100_000, d = 28, k = 5): { kernel: number; reference: number } {
  const problem = linearProblem(rows, d, k);
  const { kernels, x, labels, doubles } = problem;
  const w = Float64Array.from({ length: d * k }, Math.random);
  const [at, offsets, margins, out] = [doubles(d * k, w), doubles(k), doubles(4 * k), doubles(1 + k + d * k)];
  return {
    kernel: bestOf(20, () => kernels.softmax_loss_dense(x, labels, 0, rows, d, k, at, offsets, margins, out)),
    reference: bestOf(3, () => softmaxLoss({ rows: problem.rows, labels: problem.classes }, w, new Float64Array(k))),
  };
}

if (import.meta.filename === process.argv[1]) console.log("multinomial loss and gradient, ms:", softmaxLossKernel());
