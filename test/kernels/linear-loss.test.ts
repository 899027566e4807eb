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
