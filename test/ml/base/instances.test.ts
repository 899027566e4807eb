import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MemoryPassBlock } from "../../../src/exec/index.js";
import { type DataFrame, layoutInstances, shareInstances, SparkSession, Vectors } from "../../../src/index.js";

let spark: SparkSession;
beforeAll(() => void (spark = SparkSession.builder.master("local[2]").create()));
afterAll(() => spark.stop());

const request = { features: "the.features", label: { column: "label", rule: "regression" as const }, weight: "w" };
const data = (partitions: number): DataFrame =>
  spark.createDataFrame(
    Array.from({ length: 20 }, (_, i) => [Vectors.dense([i, -i]), i, i % 3, String(i)]),
    "`the.features` vector, label int, w decimal(10,2), other string",
    partitions,
  );
/** Doubles of one column over all blocks. */
const column = async (layout: Awaited<ReturnType<typeof layoutInstances>>, name: "label" | "weight") =>
  layout.blocks.flatMap((block) => {
    const { memory } = block as MemoryPassBlock;
    return [...new Float64Array(memory.buffer, block.info[name], block.info.rows)];
  });

describe("layoutInstances", () => {
  it.each([1, 3, 7])("lays rows out in their order over %i partitions, columns as doubles", async (partitions) => {
    const layout = await layoutInstances(data(partitions), request);
    expect([layout.numRows, layout.numFeatures]).toEqual([20, 2]);
    expect(await column(layout, "label")).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(await column(layout, "weight")).toEqual(Array.from({ length: 20 }, (_, i) => i % 3));
  });
  it("cuts blocks into ranges that cover every row once", async () => {
    const layout = await layoutInstances(data(3), request);
    for (const n of [1, 3, 8, 100]) {
      const covered = layout.units(n).flatMap(({ block, start, end }) => {
        const before = layout.blocks.slice(0, block).reduce((sum, { info }) => sum + info.rows, 0);
        return Array.from({ length: end - start }, (_, i) => before + start + i);
      });
      expect(covered).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }
    layout.release();
    expect([layout.blocks, layout.units(4)]).toEqual([[], []]);
  });
  it("knows an empty input", async () => {
    const layout = await layoutInstances(data(2).limit(0), request);
    expect([layout.numRows, layout.numFeatures, layout.units(3)]).toEqual([0, -1, []]);
  });
  it("refuses vectors of other lengths in another partition", async () => {
    const rows = [[Vectors.dense([1])], [Vectors.dense([1, 2])]];
    const df = spark.createDataFrame(rows, "v vector", 2);
    await expect(layoutInstances(df, { features: "v" })).rejects.toThrow("Dimensions mismatch when merging");
  });
  it("is shared by the fits of a sweep and by nobody afterwards", async () => {
    const df = data(2);
    const unshare = shareInstances(df);
    const [first, second] = await Promise.all([layoutInstances(df, request), layoutInstances(df, request)]);
    first.release();
    expect(second.blocks).toBe(first.blocks);
    expect((await layoutInstances(df, { ...request, weight: undefined })).blocks).not.toBe(first.blocks);
    unshare();
    expect((await layoutInstances(df, request)).blocks).not.toBe(first.blocks);
  });
});
