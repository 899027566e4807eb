import { describe, expect, it } from "vitest";
import { linearLoss, linearLossKinds, type LinearLossKind } from "../../src/kernels/linear-loss/index.js";
import { Arena, sampleRows } from "./arena.js";

describe.each(["logistic", "squared", "huber"] as LinearLossKind[])("%s", (kind) => {
  it.each([
    [1, 1],
    [7, 4],
    [130, 5],
    [64, 28],
  ])("%i rows of %i features agree with the reference, dense and CSR", (n, d) => {
    const { rows, dense, csr, weights, random } = sampleRows(n, d);
    const labels = Float64Array.from(rows, () => (kind === "logistic" ? Math.round(random()) : 3 * random()));
    const w = Float64Array.from({ length: d }, () => random() - 0.5);
    const arena = new Arena();
    const [y, q, at] = [arena.doubles(labels), arena.doubles(weights), arena.doubles(w)];
    const out = arena.allocate(8 * (d + 3));
    const { linear_loss_dense, linear_loss_csr } = arena.kernels;
    for (const weight of [0, q]) {
      const expected = linearLoss(kind, { rows, labels, weights: weight ? weights : undefined }, w, 0.3, 0.7, 1.1);
      const close = (): void => {
        const actual = arena.read(out, d + 3);
        expected.forEach((v, i) => expect(Math.abs(actual[i] - v)).toBeLessThan(1e-11 * Math.max(1, Math.abs(v))));
      };
      linear_loss_dense(linearLossKinds[kind], arena.doubles(dense), y, weight, n, d, at, 0.3, 0.7, 1.1, out);
      close();
      const [v, i, o] = [arena.doubles(csr.values), arena.ints(csr.indices), arena.ints(csr.offsets)];
      linear_loss_csr(linearLossKinds[kind], v, i, o, y, weight, 0, n, d, at, 0.3, 0.7, 1.1, out);
      close();
    }
  });
});

it("stays finite for margins that overflow exp", () => {
  const arena = new Arena();
  const out = arena.allocate(32);
  const x = arena.doubles([1000, -1000]);
  arena.kernels.linear_loss_dense(0, x, arena.doubles([0, 1]), 0, 2, 1, arena.doubles([1]), 0, 1, 1, out);
  expect(Array.from(arena.read(out, 4))).toEqual([2000, 0, 0, 2000]);
});

it("computes the logistic loss to the last digits over the whole range of margins", () => {
  const arena = new Arena();
  const [x, w, out] = [arena.doubles([1, 1, 1, 1]), arena.doubles([0]), arena.allocate(32)];
  for (const label of [0, 1]) {
    const y = arena.doubles([label, label, label, label]);
    for (let margin = -750; margin <= 750; margin += 0.37) {
      const m = Math.sign(margin) * Math.abs(margin) ** 1.5 * 0.05;
      arena.kernels.linear_loss_dense(0, x, y, 0, 4, 1, w, m, 1, 1, out);
      const signed = label === 1 ? m : -m;
      const loss = 4 * (Math.max(-signed, 0) + Math.log1p(Math.exp(-Math.abs(m))));
      const wrong = signed >= 0 ? Math.exp(-signed) / (1 + Math.exp(-signed)) : 1 / (1 + Math.exp(signed));
      const [actual, multipliers] = arena.read(out, 2);
      // Below 1e-300 the kernel's exp stops falling.
      expect(Math.abs(actual - loss)).toBeLessThanOrEqual(2e-15 * loss + 1e-299);
      expect(Math.abs(Math.abs(multipliers) - 4 * wrong)).toBeLessThanOrEqual(4e-15 * Math.max(wrong, 0.25));
    }
  }
});
