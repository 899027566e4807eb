import * as fc from "fast-check";
import { columnBuilder, slice, valueAt, type Batch, type Column, type Layout } from "../../../src/columnar/index.js";
import { DenseVector, SparseVector } from "../../../src/linalg/index.js";

const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 4, nil: null });

const vector = fc.oneof(
  fc.array(fc.double(), { maxLength: 4 }).map((values) => new DenseVector(Float64Array.from(values))),
  fc
    .uniqueArray(fc.nat(9), { maxLength: 4 })
    .map((indices) => indices.sort((a, b) => a - b))
    .map(
      (indices) =>
        new SparseVector(
          10,
          Int32Array.from(indices),
          Float64Array.from(indices, (i) => i / 3),
        ),
    ),
);
const pair = fc.array(fc.double(), { minLength: 2, maxLength: 2 });

/** A layout and values of it. */
const cells: readonly [Layout, fc.Arbitrary<unknown>][] = [
  ["null", fc.constant(null)],
  ["bool", nullable(fc.boolean())],
  ["i8", nullable(fc.integer({ min: -128, max: 127 }))],
  ["i16", nullable(fc.integer({ min: -32768, max: 32767 }))],
  ["i32", nullable(fc.integer())],
  ["i64", nullable(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))],
  ["i128", nullable(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }))],
  ["f32", nullable(fc.float())],
  ["f64", nullable(fc.double())],
  ["utf8", nullable(fc.string({ unit: "grapheme", maxLength: 6 }))],
  ["binary", nullable(fc.uint8Array({ maxLength: 6 }))],
  ["vector", nullable(vector)],
  ["vector", nullable(pair.map((values) => new DenseVector(Float64Array.from(values))))],
  [{ list: "utf8" }, nullable(fc.array(nullable(fc.string({ maxLength: 3 })), { maxLength: 3 }))],
  [{ struct: ["i32", { list: "f64" }] }, nullable(fc.tuple(nullable(fc.integer()), fc.array(fc.double())))],
  [
    { list: { struct: ["utf8", "i64"] } },
    nullable(fc.array(fc.tuple(fc.string({ maxLength: 3 }), nullable(fc.bigInt({ min: 0n, max: 99n }))))),
  ],
];

function columnOf(layout: Layout, values: readonly unknown[]): Column {
  const builder = columnBuilder(layout, 4);
  for (const value of values) builder.append(value);
  return builder.finish();
}

/** Batches of every layout, whole or a slice out of the middle. */
export const batches: fc.Arbitrary<Batch> = fc
  .tuple(fc.nat(40), fc.nat(40))
  .chain(([a, b]) =>
    fc
      .tuple(...cells.map(([, cell]) => fc.array(cell, { minLength: a + b, maxLength: a + b })))
      .map((columns) => ({ start: a, end: a + b, columns })),
  )
  .map(({ start, end, columns }) => {
    const whole = columns.map((values, i) => columnOf(cells[i][0], values));
    return { numRows: end - start, columns: whole.map((column) => slice(column, start, end)) };
  });

/** All values, row by row. */
export const valuesOf = (batch: Batch): unknown[][] =>
  Array.from({ length: batch.numRows }, (_, i) => batch.columns.map((column) => valueAt(column, i)));
