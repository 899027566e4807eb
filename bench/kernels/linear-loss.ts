import { linearLoss, type LinearLossKind, linearLossKinds } from "../../src/kernels/linear-loss/index.js";
import { bestOf } from "./best-of.js";
import { linearProblem } from "./linear-problem.js";

/** Milliseconds of one loss and gradient over `rows` x `d` doubles on one thread: kernel, and scalar reference. */
export function linearLossKernel(kind: LinearLossKind = "logistic", rows = 200_000, d = 28) {
  const problem = linearProblem(rows, d, 2);
  const { kernels, x, labels, doubles } = problem;
  const w = Float64Array.from({ length: d }, Math.random);
  const [at, out] = [doubles(d, w), doubles(d + 3)];
  const code = linearLossKinds[kind];
  return {
    kernel: bestOf(20, () => kernels.linear_loss_dense(code, x, labels, 0, rows, d, at, 0.1, 1, 1, out)),
    reference: bestOf(3, () => linearLoss(kind, { rows: problem.rows, labels: problem.classes }, w, 0.1)),
  };
}

if (import.meta.filename === process.argv[1]) {
  for (const kind of ["logistic", "squared", "huber"] as const) {
    console.log(`${kind} loss and gradient, ms:`, linearLossKernel(kind));
  }
}
