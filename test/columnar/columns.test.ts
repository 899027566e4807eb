import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  columnBuilder,
  concat,
  fromBlock,
  gather,
  slice,
  toBlock,
  valueAt,
  type Column,
  type Layout,
} from "../../src/columnar/index.js";
import { DenseVector, SparseVector } from "../../src/linalg/index.js";

const sparse = fc.uniqueArray(fc.nat(9), { maxLength: 6 }).map(
  (at) =>
    new SparseVector(
      10,
      Int32Array.from(at.sort((a, b) => a - b)),
      Float64Array.from(at, (i) => i + 0.5),
    ),
);
const dense = (size: number) =>
  fc.array(fc.double(), { minLength: size, maxLength: size }).map((v) => new DenseVector(Float64Array.from(v)));

const kinds: readonly (readonly [string, Layout, fc.Arbitrary<unknown>])[] = [
  ["bool", "bool", fc.boolean()],
  ["i8", "i8", fc.integer({ min: -128, max: 127 })],
  ["i32", "i32", fc.integer()],
  ["i64", "i64", fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  ["i128", "i128", fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n })],
  ["f32", "f32", fc.float()],
  ["f64", "f64", fc.double()],
  ["utf8", "utf8", fc.string({ unit: "grapheme" })],
  ["binary", "binary", fc.uint8Array()],
  ["list", { list: "utf8" }, fc.array(fc.option(fc.string({ unit: "grapheme" })))],
  ["struct", { struct: ["i32", { list: "f64" }] }, fc.tuple(fc.option(fc.integer()), fc.option(fc.array(fc.double())))],
  ["dense vector", "vector", dense(3)],
  ["mixed vector", "vector", fc.oneof(sparse, dense(2), dense(4))],
];

const build = (layout: Layout, values: readonly unknown[]): Column => {
  const builder = columnBuilder(layout, 4);
  for (const value of values) builder.append(value);
  return builder.finish();
};
const contents = (column: Column): unknown[] => Array.from({ length: column.length }, (_, i) => valueAt(column, i));

describe.each(kinds)("a column of %s", (_, layout, value) => {
  const rows = fc.array(fc.option(value, { freq: 4 }), { maxLength: 40 });

  it("holds what was appended", () => {
    const check = (values: unknown[]): void => {
      expect(contents(build(layout, values))).toEqual(values);
    };
    fc.assert(fc.property(rows, check), { numRuns: 60 });
  });

  it("is sliced, gathered and concatenated like an array", () => {
    const check = (a: unknown[], b: unknown[], from: number, picks: number[]): void => {
      const all = [...a, ...b];
      const column = concat([build(layout, a), build(layout, b)]);
      expect(contents(column)).toEqual(all);
      const start = Math.min(from, all.length);
      const tail = slice(column, start, all.length);
      expect(contents(tail)).toEqual(all.slice(start));
      const selection = Int32Array.from(picks, (p) => (tail.length === 0 ? -1 : (p % (tail.length + 1)) - 1));
      expect(contents(gather(tail, selection))).toEqual([...selection].map((i) => (i < 0 ? null : all[start + i])));
    };
    fc.assert(fc.property(rows, rows, fc.nat(40), fc.array(fc.nat(200)), check), { numRuns: 60 });
  });

  it.each([true, false])("survives a block (kernels: %s)", (kernels) => {
    const check = (values: unknown[], from: number): void => {
      const start = Math.min(from, values.length);
      const column = slice(build(layout, values), start, values.length);
      const batch = fromBlock(toBlock({ numRows: column.length, columns: [column] }, kernels));
      expect(batch.numRows).toBe(column.length);
      expect(contents(batch.columns[0])).toEqual(values.slice(start));
    };
    fc.assert(fc.property(rows, fc.nat(20), check), { numRuns: 20 });
  });
});
