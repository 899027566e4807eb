import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { valueAt } from "../../../src/columnar/index.js";
import { DenseVector, SparseVector } from "../../../src/linalg/index.js";
import {
  atomicSave,
  readMetadata,
  readParquetDir,
  writeMetadata,
  writeParquetRows,
} from "../../../src/ml/persistence/index.js";
import {
  ArrayType,
  DecimalType,
  doubleType,
  integerType,
  longType,
  MapType,
  matrixType,
  stringType,
  StructField,
  StructType,
  timestampType,
  vectorType,
} from "../../../src/sql/types/index.js";
import "../../../src/sources/index.js";

let folder = "";
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "kindling-"))));
afterAll(() => rm(folder, { recursive: true }));

async function rowsOf(dir: string): Promise<unknown[][]> {
  const { batches } = await readParquetDir(dir);
  const rows: unknown[][] = [];
  for await (const { numRows, columns } of batches) {
    for (let i = 0; i < numRows; i++) rows.push(columns.map((column) => valueAt(column, i)));
  }
  return rows;
}

describe("model data", () => {
  test("nested rows come back as they were", async () => {
    const schema = new StructType([
      new StructField("n", integerType, false),
      new StructField("s", stringType),
      new StructField("v", vectorType),
      new StructField("m", matrixType),
      new StructField("a", new ArrayType(new ArrayType(doubleType))),
      new StructField("k", new MapType(stringType, longType)),
      new StructField("d", new DecimalType(25, 3)),
      new StructField("t", timestampType),
    ]);
    const dense = new DenseVector(new Float64Array([1, -0, NaN]));
    const sparse = new SparseVector(5, new Int32Array([1, 4]), new Float64Array([2, 3]));
    const matrix = [1, 2, 2, null, null, [1, 2, 3, 4], false];
    const rows = [
      [
        1,
        "a",
        dense,
        matrix,
        [[1, null], [], null],
        [
          ["x", 5n],
          ["y", null],
        ],
        12345678901234567890123n,
        -5n,
      ],
      [2, null, sparse, null, [], [], -1n, null],
      [3, "", null, matrix, null, null, null, 9_007_199_254_740_993n],
    ];
    const dir = join(folder, "nested");
    await writeParquetRows(dir, schema, rows);
    expect((await readdir(dir)).sort()).toEqual([
      "_SUCCESS",
      expect.stringMatching(/^part-00000-[0-9a-f-]{36}-c000\.snappy\.parquet$/),
    ]);
    expect(await rowsOf(dir)).toEqual(rows);
    expect((await readParquetDir(dir)).schema.field("v").dataType).toBe(vectorType);
  });

  test("no rows, and many", async () => {
    const schema = new StructType([new StructField("id", longType, false), new StructField("s", stringType)]);
    await writeParquetRows(join(folder, "none"), schema, []);
    expect(await rowsOf(join(folder, "none"))).toEqual([]);
    const many = Array.from({ length: 50_000 }, (_, i) => [BigInt(i), i % 7 === 0 ? null : `k${i % 5}`]);
    await writeParquetRows(join(folder, "many"), schema, many);
    expect(await rowsOf(join(folder, "many"))).toEqual(many);
  });
});

describe("metadata", () => {
  test("one line in one part file", async () => {
    const dir = join(folder, "model");
    await writeMetadata(dir, '{"class":"x"}');
    expect(await readMetadata(dir)).toBe('{"class":"x"}');
    expect(await readdir(join(dir, "metadata"))).toHaveLength(2);
    await expect(writeMetadata(dir, "{\n}")).rejects.toThrow("one line");
  });
  test("a missing directory is PATH_NOT_FOUND", () =>
    expect(readMetadata(join(folder, "nowhere"))).rejects.toMatchObject({ condition: "PATH_NOT_FOUND" }));
});

describe("atomicSave", () => {
  const put = (text: string) => (dir: string) => writeFile(join(dir, "x"), text);

  test("puts a whole directory in place and leaves nothing else", async () => {
    const parent = join(folder, "saves");
    const target = join(parent, "m");
    await atomicSave(target, false, put("1"));
    await expect(atomicSave(target, false, put("2"))).rejects.toThrow(
      `Path ${target} already exists. To overwrite it, please use write.overwrite().save(path)`,
    );
    await atomicSave(target, true, put("3"));
    expect(await readdir(target)).toEqual(["x"]);
    expect(await readdir(parent)).toEqual(["m"]);
  });

  test("a failure half-way leaves the old model and no rest", async () => {
    const parent = join(folder, "broken");
    const target = join(parent, "m");
    await atomicSave(target, false, put("old"));
    const broken = atomicSave(target, true, async (dir) => {
      await writeFile(join(dir, "x"), "half");
      throw new Error("disk full");
    });
    await expect(broken).rejects.toThrow("disk full");
    expect(await readdir(parent)).toEqual(["m"]);
    expect(await readdir(target)).toEqual(["x"]);
  });
});
