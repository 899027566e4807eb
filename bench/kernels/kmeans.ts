import { instantiateKernels } from "../../src/kernels/index.js";
import { packCenters, packedLength } from "../../src/kernels/kmeans/index.js";
import { kmeansPass } from "../../src/kernels/kmeans/reference.js";
import { bestOf, kernelMemory } from "./best-of.js";

/** Milliseconds of one k-means pass over `rows` x `d` doubles with `k` centres on one thread: kernel, and scalar reference. */
export function kmeansKernel(rows = 200_000, d = 16, k = 20): { kernel: number; reference: number } {
  const { memory, take } = kernelMemory(8 * rows * (d + 4) + 16 * k * (d + 8) + 4096);
  const kernels = instantiateKernels(memory);
  const [x, labels, packed, centers] = [
    take(8 * rows * d),
    take(4 * rows + 16),
    take(8 * packedLength(k, d)),
    take(8 * k * d),
  ];
  const [sums, totals] = [take(8 * k * d), take(8 * k)];
  const [upper, lower] = [take(8 * rows + 32), take(8 * rows + 32)];
  const places = [x, rows, d, packed, k, centers, labels, 0, 0, sums, totals, upper, lower];
  const points = Float64Array.from({ length: rows * d }, Math.random);
  const chosen = points.slice(0, k * d);
  new Float64Array(memory.buffer, x, rows * d).set(points);
  new Float64Array(memory.buffer, centers, k * d).set(chosen);
  packCenters(chosen, k, d, false, new Float64Array(memory.buffer, packed, packedLength(k, d)));
  return {
    kernel: bestOf(10, () => kernels.kmeans_pass(...places)),
    reference: bestOf(3, () => kmeansPass(points, d, chosen, undefined)),
  };
}

if (import.meta.filename === process.argv[1]) console.log("k-means pass, ms:", kmeansKernel());
