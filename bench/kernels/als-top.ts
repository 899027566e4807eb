import { top } from "../../src/kernels/als-top/reference.js";
import { instantiateKernels } from "../../src/kernels/index.js";
import { bestOf, kernelMemory } from "./best-of.js";

/** Milliseconds of the best `num` of `items` columns for `users` rows of 12 factors, on one thread: kernel, and scalar reference. */
export function alsTopKernel(users = 500, items = 4000, num = 10): { kernel: number; reference: number } {
  const stride = 12;
  const { memory, take } = kernelMemory(4 * stride * (users + items) + 8 * users * num + 4096);
  const kernels = instantiateKernels(memory);
  const [userAt, itemAt, columns, scores] = [users * stride, items * stride, users * num, users * num].map((n) =>
    take(4 * n),
  );
  const left = new Float32Array(memory.buffer, userAt, users * stride).map(Math.random);
  const right = new Float32Array(memory.buffer, itemAt, items * stride).map(Math.random);
  new Float32Array(memory.buffer, userAt, left.length).set(left);
  new Float32Array(memory.buffer, itemAt, right.length).set(right);
  const rows = (all: Float32Array, n: number): Float32Array[] =>
    Array.from({ length: n }, (_, i) => all.subarray(i * stride, (i + 1) * stride));
  const [userRows, itemRows] = [rows(left, users), rows(right, items)];
  return {
    kernel: bestOf(10, () => kernels.als_top(userAt, users, itemAt, items, stride, num, columns, scores)),
    reference: bestOf(2, () => userRows.forEach((user) => top(user, itemRows, num))),
  };
}

if (import.meta.filename === process.argv[1]) console.log("best columns, ms:", alsTopKernel());
