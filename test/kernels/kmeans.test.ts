import { describe, expect, it } from "vitest";
import { XORShiftRandom } from "../../src/common/index.js";
import { instantiateKernels } from "../../src/kernels/index.js";
import { packCenters, packedLength, tableWidth, tabulateCenters } from "../../src/kernels/kmeans/index.js";
import { kmeansPass } from "../../src/kernels/kmeans/reference.js";

const memory = new WebAssembly.Memory({ initial: 20, maximum: 65_536, shared: true });
const kernels = instantiateKernels(memory);
const random = new XORShiftRandom(11);
const doubles = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.nextGaussian());

function areas() {
  let next = 65_536;
  return (bytes: number): number => {
    const at = next;
    next = Math.ceil((next + bytes) / 64) * 64;
    return at;
  };
}
const f64 = (at: number, n: number): Float64Array => new Float64Array(memory.buffer, at, n);

const shapes = [
  [1, 1, 2],
  [7, 1, 3],
  [33, 2, 4],
  [100, 5, 5],
  [130, 16, 20],
  [10, 3, 70],
] as const;

describe("kmeans_pass", () => {
  it.each(shapes)("labels and adds up %i rows of %i features, %i centres", (rows, d, k) => {
    const take = areas();
    const [x, centers] = [doubles(rows * d), doubles(k * d)];
    const weights = Float64Array.from({ length: rows }, () => 0.5 + random.nextDouble());
    const at = {
      x: take(8 * rows * d),
      weights: take(8 * rows),
      packed: take(8 * packedLength(k, d)),
      centers: take(8 * k * d),
      labels: take(4 * rows + 16),
      sums: take(8 * k * d),
      totals: take(8 * k),
      upper: take(8 * rows + 32),
      lower: take(8 * rows + 32),
    };
    f64(at.x, rows * d).set(x);
    f64(at.weights, rows).set(weights);
    f64(at.centers, k * d).set(centers);
    f64(at.sums, k * d).fill(0);
    f64(at.totals, k).fill(0);
    packCenters(centers, k, d, false, f64(at.packed, packedLength(k, d)));
    kernels.kmeans_pass(
      ...[at.x, rows, d, at.packed, k, at.centers, at.labels, at.weights, 0, at.sums, at.totals],
      ...[at.upper, at.lower],
    );
    const expected = kmeansPass(x, d, centers, weights);
    expect([...new Int32Array(memory.buffer, at.labels, rows)]).toEqual([...expected.labels]);
    f64(at.sums, k * d).forEach((sum, i) => expect(sum).toBeCloseTo(expected.sums[i], 10));
    f64(at.totals, k).forEach((total, i) => expect(total).toBeCloseTo(expected.totals[i], 10));
    const cost = kernels.kmeans_cost(at.x, rows, d, at.centers, at.labels, at.weights, 0);
    expect(cost).toBeCloseTo(expected.cost, 9);
  });

  it("tells centres apart that lie far from the origin and close together", () => {
    const take = areas();
    const far = 1e8;
    const x = Float64Array.from({ length: 40 }, (_, i) => far + i * 0.25);
    const centers = Float64Array.from([far + 2, far + 2.5, far + 7]);
    const at = { x: take(320), packed: take(8 * 8), centers: take(24), labels: take(176), totals: take(24) };
    f64(at.x, 40).set(x);
    f64(at.centers, 3).set(centers);
    packCenters(centers, 3, 1, false, f64(at.packed, 8));
    const bounds = [take(360), take(360)];
    kernels.kmeans_pass(at.x, 40, 1, at.packed, 3, at.centers, at.labels, 0, 0, 0, at.totals, ...bounds);
    const expected = kmeansPass(x, 1, centers, undefined).labels;
    expect([...new Int32Array(memory.buffer, at.labels, 40)]).toEqual([...expected]);
  });
});

describe("kmeans_pass_sparse", () => {
  it.each(shapes)("agrees with the dense one on %i rows of %i features, %i centres", (rows, d, k) => {
    const take = areas();
    const x = doubles(rows * d).map((value) => (random.nextInt(3) > 0 ? 0 : value));
    const centers = doubles(k * d);
    const stored = [...x.keys()].filter((i) => x[i] !== 0);
    const width = tableWidth(k);
    const at = {
      indptr: take(4 * (rows + 1)),
      indices: take(4 * stored.length),
      values: take(8 * stored.length),
      table: take(8 * width * d),
      offsets: take(8 * width),
      centers: take(8 * k * d),
      scores: take(8 * width),
      labels: take(4 * rows),
      sums: take(8 * k * d),
      totals: take(8 * k),
    };
    const indptr = new Int32Array(memory.buffer, at.indptr, rows + 1);
    for (let r = 0; r <= rows; r++) indptr[r] = stored.filter((i) => i < r * d).length;
    new Int32Array(memory.buffer, at.indices, stored.length).set(stored.map((i) => i % d));
    f64(at.values, stored.length).set(stored.map((i) => x[i]));
    f64(at.centers, k * d).set(centers);
    f64(at.sums, k * d).fill(0);
    f64(at.totals, k).fill(0);
    tabulateCenters(centers, k, d, false, f64(at.table, width * d), f64(at.offsets, width));
    kernels.kmeans_pass_sparse(
      ...[at.indptr, at.indices, at.values, rows, d, at.table, at.offsets, width, at.centers, at.scores],
      ...[at.labels, 0, 0, at.sums, at.totals],
    );
    const expected = kmeansPass(x, d, centers, undefined);
    expect([...new Int32Array(memory.buffer, at.labels, rows)]).toEqual([...expected.labels]);
    f64(at.sums, k * d).forEach((sum, i) => expect(sum).toBeCloseTo(expected.sums[i], 10));
    const places = [at.indptr, at.indices, at.values, rows, d, at.centers, at.offsets];
    expect(kernels.kmeans_cost_sparse(...places, at.labels, 0, 0)).toBeCloseTo(expected.cost, 9);
  });
});

describe("kmeans_sample", () => {
  it("draws as Spark's generator does, wherever a stretch of rows starts", () => {
    const take = areas();
    const costs = take(800);
    const out = take(800);
    const values = Float64Array.from({ length: 100 }, () => random.nextDouble());
    f64(costs, 100).set(values);
    const total = values.reduce((sum, value) => sum + value, 0);
    const draws = new XORShiftRandom(77);
    const expected = [...values.keys()].filter((i) => draws.nextDouble() < (2 * values[i] * 5) / total);
    const sample = (first: number, rows: number): number[] => {
      const { state } = new XORShiftRandom(77);
      const kernel = kernels.kmeans_sample as unknown as (...args: (number | bigint)[]) => number;
      const kept = kernel(costs + 8 * first, rows, 5, total, state, first, 0, out, 100);
      return [...f64(out, kept)].map((row) => row + first);
    };
    expect(sample(0, 100)).toEqual(expected);
    expect([...sample(0, 37), ...sample(37, 63)]).toEqual(expected);
  });
});
