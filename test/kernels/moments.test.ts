import { expect, it } from "vitest";
import { momentSums } from "../../src/kernels/moments/index.js";
import { Arena, sampleRows } from "./arena.js";

it.each([
  [1, 1],
  [9, 5],
  [100, 28],
])("%i rows of %i features agree with the reference", (n, d) => {
  const { rows, dense, csr, weights } = sampleRows(n, d);
  const shift = rows[0];
  const arena = new Arena();
  const out = arena.allocate(24 * d);
  const [q, s] = [arena.doubles(weights), arena.doubles(shift)];
  for (const weight of [0, q]) {
    const expected = momentSums(rows, weight ? weights : undefined, shift);
    arena.kernels.moments_dense(arena.doubles(dense), weight, n, d, s, out);
    arena.read(out, 2 * d).forEach((v, i) => expect(v).toBeCloseTo(expected[i], 11));
    const [v, i, o] = [arena.doubles(csr.values), arena.ints(csr.indices), arena.ints(csr.offsets)];
    arena.kernels.moments_csr(v, i, o, weight, 0, n, d, s, out);
    const stored = arena.read(out, 3 * d);
    const total = weight ? weights.reduce((a, b) => a + b, 0) : n;
    for (let j = 0; j < d; j++) {
      const missing = total - stored[2 * d + j];
      expect(stored[j] - missing * shift[j]).toBeCloseTo(expected[j], 11);
      expect(stored[d + j] + missing * shift[j] ** 2).toBeCloseTo(expected[d + j], 11);
    }
  }
});
