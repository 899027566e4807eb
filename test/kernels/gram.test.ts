import { expect, it } from "vitest";
import { gram, gramColumnsLength, gramPanels, gramTileBytes } from "../../src/kernels/gram/index.js";
import { Arena, sampleRows } from "./arena.js";

it.each([
  [1, 1],
  [5, 2],
  [63, 3],
  [130, 6],
  [200, 29],
])("%i rows of %i features agree with the reference, dense and CSR, whole and by panels", (n, d) => {
  const { rows, dense, csr, weights, random } = sampleRows(n, d);
  const labels = Float64Array.from(rows, () => random() - 0.5);
  const arena = new Arena();
  const { gram_dense, gram_unpack, gram_csr, gram_scratch_bytes } = arena.kernels;
  const [x, y, q] = [arena.doubles(dense), arena.doubles(labels), arena.doubles(weights)];
  const [v, i, o] = [arena.doubles(csr.values), arena.ints(csr.indices), arena.ints(csr.offsets)];
  const scratch = arena.allocate(gram_scratch_bytes(d));
  const panels = gramPanels(d);
  const cuts = panels > 2 ? [0, 1, 2, panels] : [0, panels];
  for (const weight of [0, q]) {
    for (const form of ["dense", "csr"]) {
      // The CSR kernel takes no shift: it would turn zeros into numbers.
      const shift = form === "dense" ? Float64Array.from({ length: d + 1 }, random) : new Float64Array(d + 1);
      const about = arena.doubles(shift);
      const expected = gram(rows, labels, weight ? weights : undefined, shift);
      const found: number[] = [];
      for (let c = 0; c + 1 < cuts.length; c++) {
        const [first, last] = [cuts[c], cuts[c + 1]];
        const [from, to] = [4 * first, Math.min(4 * last, d + 2)];
        const length = gramColumnsLength(from, to);
        const out = arena.doubles(new Float64Array(length));
        if (form === "dense") {
          const tiles = arena.doubles(new Float64Array(gramTileBytes(d, last - first) / 8));
          const half = n >> 1;
          gram_dense(x, y, weight, half, d, about, first, last, scratch, tiles);
          gram_dense(
            x + 8 * half * d,
            y + 8 * half,
            weight && weight + 8 * half,
            n - half,
            d,
            about,
            first,
            last,
            scratch,
            tiles,
          );
          gram_unpack(tiles, d, first, last, out);
        } else gram_csr(v, i, o, y, weight, 0, n, d, from, to, out);
        found.push(...arena.read(out, length));
      }
      expect(found.length).toBe(expected.length);
      found.forEach((value, at) => expect(value).toBeCloseTo(expected[at], 10));
    }
  }
});
