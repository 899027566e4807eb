import { expect, it } from "vitest";
import { softmaxLoss } from "../../src/kernels/softmax-loss/index.js";
import { Arena, sampleRows } from "./arena.js";

const transpose = (a: Float64Array, rows: number, cols: number): Float64Array =>
  Float64Array.from(a, (_, at) => a[(at % rows) * cols + Math.floor(at / rows)]);

it.each([
  [1, 1, 2],
  [5, 4, 3],
  [66, 7, 10],
])("%i rows of %i features in %i classes agree with the reference, dense and CSR", (n, d, k) => {
  const { rows, dense, csr, weights, random } = sampleRows(n, d);
  const labels = Float64Array.from(rows, () => Math.floor(k * random()));
  const w = Float64Array.from({ length: d * k }, () => random() - 0.5);
  const offsets = Float64Array.from({ length: k }, () => random() - 0.5);
  const arena = new Arena();
  const [y, q, b] = [arena.doubles(labels), arena.doubles(weights), arena.doubles(offsets)];
  const length = 1 + k + d * k;
  const out = arena.allocate(8 * length);
  const margins = arena.allocate(32 * k);
  const { softmax_loss_dense, softmax_loss_csr } = arena.kernels;
  for (const weight of [0, q]) {
    const expected = softmaxLoss({ rows, labels, weights: weight ? weights : undefined }, w, offsets);
    const close = (actual: Float64Array): void =>
      expected.forEach((v, i) => expect(Math.abs(actual[i] - v)).toBeLessThan(1e-11 * Math.max(1, Math.abs(v))));
    const classMajor = arena.doubles(transpose(w, d, k));
    softmax_loss_dense(arena.doubles(dense), y, weight, n, d, k, classMajor, b, margins, out);
    const found = arena.read(out, length);
    close(Float64Array.from([...found.subarray(0, 1 + k), ...transpose(found.subarray(1 + k), k, d)]));
    const [v, i, o] = [arena.doubles(csr.values), arena.ints(csr.indices), arena.ints(csr.offsets)];
    softmax_loss_csr(v, i, o, y, weight, 0, n, d, k, arena.doubles(w), b, margins, out);
    close(arena.read(out, length));
  }
});
