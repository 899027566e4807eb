import { gram, gramPanels, gramTileBytes } from "../../src/kernels/gram/index.js";
import { bestOf } from "./best-of.js";
import { linearProblem } from "./linear-problem.js";

/** Milliseconds of the Gram matrix of `rows` x `d` doubles on one thread: kernel, and scalar reference. */
export function gramKernel(rows = 200_000, d = 28): { kernel: number; reference: number } {
  const { kernels, x, labels, take, doubles, rows: plain, classes } = linearProblem(rows, d, 2);
  const panels = gramPanels(d);
  const [shift, scratch, tiles] = [doubles(d + 1), take(kernels.gram_scratch_bytes(d)), take(gramTileBytes(d, panels))];
  return {
    kernel: bestOf(20, () => kernels.gram_dense(x, labels, 0, rows, d, shift, 0, panels, scratch, tiles)),
    reference: bestOf(2, () => gram(plain, classes)),
  };
}

if (import.meta.filename === process.argv[1]) console.log("Gram matrix, ms:", gramKernel());
