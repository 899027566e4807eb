import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnBuilder, concat, slice, valueAt, type Column } from "../../src/columnar/index.js";
import { DenseVector, SparseVector } from "../../src/linalg/index.js";
import { parquetFormat } from "../../src/sources/index.js";
import { layoutOf, parseType, StructField, StructType, vectorType, type DataType } from "../../src/sql/types/index.js";
import { filesAt } from "./recorded.js";

let directory = "";
let files = 0;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "kindling-"))));
afterAll(() => rm(directory, { recursive: true }));

/** Writes the rows in two batches (the second a slice, whose offsets do not start at 0) and reads them back. */
async function roundTrip(type: DataType, rows: readonly unknown[]): Promise<unknown[]> {
  const schema = new StructType([new StructField("v", type)]);
  const builder = columnBuilder(layoutOf(type), rows.length);
  for (const row of rows) builder.append(row);
  const column = builder.finish();
  const path = join(directory, `${files++}.parquet`);
  const writer = await parquetFormat.openWriter({ schema, options: {}, path, timeZone: "UTC" });
  const half = (rows.length >> 4) << 3;
  for (const part of [slice(column, 0, half), slice(column, half, rows.length)]) {
    await writer.write({ numRows: part.length, columns: [part] });
  }
  await writer.close();
  const splits = await parquetFormat.splits(filesAt(path), {}, Infinity);
  const read = await parquetFormat.inferSchema(filesAt(path), {}, "UTC");
  const request = {
    splits,
    schema: read,
    columns: read,
    filters: [],
    options: {},
    batchRows: 1 << 20,
    timeZone: "UTC",
  };
  const parts: Column[] = [];
  for await (const batch of parquetFormat.read(request)) parts.push(batch.columns[0]);
  if (parts.length === 0) return [];
  const all = concat(parts);
  return Array.from({ length: all.length }, (_, i) => valueAt(all, i));
}

const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null, freq: 3 });
const list = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<(T | null)[] | null> =>
  nullable(fc.array(nullable(value), { maxLength: 4 }));
const int = fc.integer();
const text = fc.string({ maxLength: 6 });
const double = fc.double();
const vector = fc.oneof(
  fc.array(double, { maxLength: 3 }).map((values) => new DenseVector(Float64Array.from(values))),
  fc.uniqueArray(fc.nat(5), { maxLength: 3 }).map((at) => {
    const indices = Int32Array.from(at).sort();
    return new SparseVector(
      6,
      indices,
      Float64Array.from(indices, (i) => i + 0.5),
    );
  }),
);

describe("random values come back as they were", () => {
  test.each<[string, DataType, fc.Arbitrary<unknown>]>([
    ["int", parseType("INT"), nullable(int)],
    ["boolean", parseType("BOOLEAN"), nullable(fc.boolean())],
    ["string", parseType("STRING"), nullable(text)],
    ["repetitive string", parseType("STRING"), nullable(fc.constantFrom("a", "bb", ""))],
    ["bigint", parseType("BIGINT"), nullable(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))],
    ["decimal", parseType("DECIMAL(38,5)"), nullable(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }))],
    ["small decimal", parseType("DECIMAL(5,2)"), nullable(fc.bigInt({ min: -99_999n, max: 99_999n }))],
    ["list", parseType("ARRAY<STRING>"), list(text)],
    ["list of lists", parseType("ARRAY<ARRAY<INT>>"), list(fc.array(nullable(int), { maxLength: 3 }))],
    ["struct", parseType("STRUCT<a: INT, b: ARRAY<DOUBLE>>"), nullable(fc.tuple(nullable(int), list(double)))],
    [
      "list of structs of lists",
      parseType("ARRAY<STRUCT<a: STRING, b: ARRAY<STRUCT<c: INT>>>>"),
      list(fc.tuple(nullable(text), list(fc.tuple(nullable(int))))),
    ],
    ["map", parseType("MAP<STRING, ARRAY<INT>>"), nullable(fc.array(fc.tuple(text, list(int)), { maxLength: 3 }))],
    ["vector", vectorType, nullable(vector)],
  ])("%s", async (_, type, value) => {
    const property = fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 60 }), async (rows) => {
      expect(await roundTrip(type, rows)).toEqual(rows);
    });
    await fc.assert(property, { numRuns: 25, seed: 42 });
  });
});
