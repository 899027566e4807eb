import { describe, expect, it } from "vitest";
import { alsSolve, gram } from "../../src/kernels/als/reference.js";
import { top } from "../../src/kernels/als-top/reference.js";
import { instantiateKernels } from "../../src/kernels/index.js";
import { XORShiftRandom } from "../../src/common/index.js";

const memory = new WebAssembly.Memory({ initial: 40, maximum: 65_536, shared: true });
const kernels = instantiateKernels(memory);

/** Hands out aligned areas of the memory behind the kernels' static data. */
function areas() {
  let next = 65_536;
  return (bytes: number): number => {
    const at = next;
    next = Math.ceil((next + bytes) / 64) * 64;
    return at;
  };
}

const random = new XORShiftRandom(3);
const float = (): number => Math.fround(random.nextGaussian());
const rows = (n: number, size: number): number[][] =>
  Array.from({ length: n }, () => Array.from({ length: size }, float));

function place(at: number, values: readonly (readonly number[])[], stride: number): void {
  const out = new Float32Array(memory.buffer, at, values.length * stride).fill(0);
  values.forEach((row, i) => out.set(row, i * stride));
}

function setUp(rank: number, counts: readonly number[], numFactors: number) {
  const take = areas();
  const stride = rank + (rank & 1);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const at = {
    indptr: take(4 * (counts.length + 1)),
    indices: take(4 * total),
    ratings: take(4 * total),
    source: take(4 * numFactors * stride),
    target: take(4 * counts.length * stride),
    gram: take(8 * stride * stride),
    work: take(kernels.als_work_bytes(stride)),
  };
  const factors = rows(numFactors, rank);
  place(at.source, factors, stride);
  const indptr = new Int32Array(memory.buffer, at.indptr, counts.length + 1);
  indptr[0] = 0;
  counts.forEach((n, i) => (indptr[i + 1] = indptr[i] + n));
  const indices = new Int32Array(memory.buffer, at.indices, total).map(() => 0);
  const ratings = new Float32Array(memory.buffer, at.ratings, total);
  for (let i = 0; i < total; i++) {
    indices[i] = random.nextInt(numFactors);
    ratings[i] = float();
  }
  new Int32Array(memory.buffer, at.indices, total).set(indices);
  const solve = (regParam: number, base: number, alpha: number, nonnegative: number): number =>
    kernels.als_solve(
      ...[at.indptr, at.indices, at.ratings, 0, counts.length, at.source, at.target, rank, stride],
      ...[regParam, base, alpha, nonnegative, at.work],
    );
  const target = (row: number): number[] => [...new Float32Array(memory.buffer, at.target + 4 * row * stride, rank)];
  const given = (row: number) => ({
    factors: [...indices.slice(indptr[row], indptr[row + 1])].map((i) => factors[i]),
    ratings: [...ratings.slice(indptr[row], indptr[row + 1])],
  });
  return { at, stride, factors, solve, target, given };
}

const near = (actual: readonly number[], expected: readonly number[]): void =>
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));

describe("als_solve", () => {
  it.each([1, 2, 3, 4, 7, 10, 13, 32])("solves rank %i as the reference does", (rank) => {
    const counts = [1, 5, 32, 33, 70];
    const { solve, target, given } = setUp(rank, counts, 50);
    expect(solve(0.3, 0, 1, 0)).toBe(0);
    counts.forEach((_, row) => near(target(row), alsSolve(given(row).factors, given(row).ratings, 0.3)));
  });

  it.each([1, 5, 10])("solves implicit preferences of rank %i", (rank) => {
    const { at, stride, factors, solve, target, given } = setUp(rank, [4, 40], 60);
    new Float64Array(memory.buffer, at.gram, stride * stride).fill(0);
    kernels.als_gram(at.source, 0, 60, stride, at.gram, at.work);
    const whole = gram(factors);
    const lower = new Float64Array(memory.buffer, at.gram, stride * stride);
    whole.forEach((values, i) => near([...lower.slice(i * stride, i * stride + i + 1)], values.slice(0, i + 1)));
    expect(solve(0.1, at.gram, 2, 0)).toBe(0);
    for (const row of [0, 1]) {
      near(target(row), alsSolve(given(row).factors, given(row).ratings, 0.1, { gram: whole, alpha: 2 }));
    }
  });

  it("keeps factors from being negative, at the constrained minimum", () => {
    const { solve, target, given } = setUp(4, [30], 20);
    expect(solve(0.2, 0, 1, 1)).toBe(0);
    const x = target(0);
    const { factors, ratings } = given(0);
    x.forEach((value, f) => {
      expect(value).toBeGreaterThanOrEqual(0);
      const residuals = factors.map((factor, r) => factor.reduce((sum, v, i) => sum + v * x[i], -ratings[r]));
      const slope = factors.reduce((sum, factor, r) => sum + factor[f] * residuals[r], 30 * 0.2 * value);
      if (value > 1e-6) expect(slope).toBeCloseTo(0, 3);
      else expect(slope).toBeGreaterThan(-1e-3);
    });
  });

  it("reports the minor of a singular matrix", () => {
    const { solve } = setUp(3, [1], 5);
    expect(solve(0, 0, 1, 0)).toBe(2);
  });
});

describe("als_top", () => {
  it.each([1, 3, 20])("picks the best %i columns in order", (num) => {
    const take = areas();
    const stride = 8;
    const users = Array.from({ length: 5 }, () => Array.from({ length: 6 }, () => random.nextInt(3)));
    const items = Array.from({ length: 20 }, () => Array.from({ length: 6 }, () => random.nextInt(3)));
    const [userAt, itemAt, columns, scores] = [take(160), take(640), take(400), take(400)];
    place(userAt, users, stride);
    place(itemAt, items, stride);
    kernels.als_top(userAt, 5, itemAt, 20, stride, num, columns, scores);
    users.forEach((user, r) => {
      const expected = top(user, items, num);
      expect([...new Int32Array(memory.buffer, columns + 4 * r * num, num)]).toEqual(expected.map((e) => e.column));
      expect([...new Float32Array(memory.buffer, scores + 4 * r * num, num)]).toEqual(expected.map((e) => e.score));
    });
  });
});
