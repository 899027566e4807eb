import { describe, expect, it } from "vitest";
import { type Batch, columnBuilder, denseVectorColumn, f64Column, listColumn } from "../../../src/columnar/index.js";
import type { TaskContext } from "../../../src/exec/index.js";
import { type Vector, Vectors } from "../../../src/linalg/index.js";
import type { ResidentBlock } from "../../../src/memory/index.js";
import type { InstancesPayload, LaidOutBlock } from "../../../src/ml/base/instance-block.js";
import { instances } from "../../../src/ml/base/instance-blocks.js";
import { taskContext } from "./task-context.js";

const context: TaskContext = taskContext(Infinity);
const payload: InstancesPayload = {
  label: "regression",
  weight: true,
  extra: 0,
  form: "auto",
  allowNonFinite: false,
  blockBytes: 0,
};
const vectors = (rows: readonly (Vector | null)[]) => {
  const builder = columnBuilder("vector");
  for (const row of rows) builder.append(row);
  return builder.finish();
};
const batch = (features: readonly (Vector | null)[], label: readonly number[], weight: readonly number[]): Batch => ({
  numRows: features.length,
  columns: [vectors(features), f64Column(Float64Array.from(label)), f64Column(Float64Array.from(weight))],
});
async function layOut(batches: readonly Batch[], changes: Partial<InstancesPayload> = {}): Promise<LaidOutBlock[]> {
  async function* all(): AsyncGenerator<Batch> {
    yield* batches;
  }
  return instances.run({ ...payload, ...changes }, all(), context);
}
const bufferOf = ({ block }: LaidOutBlock) => (block as ResidentBlock).memory!.buffer;
const doubles = (block: LaidOutBlock, at: number, n: number): number[] => [...new Float64Array(bufferOf(block), at, n)];
const ints = (block: LaidOutBlock, at: number, n: number): number[] => [...new Int32Array(bufferOf(block), at, n)];

/** Rows of a block as dense arrays, whatever its form. */
function rowsOf(block: LaidOutBlock): number[][] {
  const { form, rows, numFeatures: d, values, offsets, indices, nnz } = block.info;
  const stored = doubles(block, values, nnz);
  if (form === "dense") return Array.from({ length: rows }, (_, i) => stored.slice(i * d, (i + 1) * d));
  const starts = ints(block, offsets, rows + 1);
  const positions = ints(block, indices, nnz);
  return Array.from({ length: rows }, (_, i) => {
    const row = new Array<number>(d).fill(0);
    for (let k = starts[i]; k < starts[i + 1]; k++) row[positions[k]] = stored[k];
    return row;
  });
}

const wide = (index: number, value: number): Vector => Vectors.sparse(10, [index], [value]);

describe("instance blocks", () => {
  it("lays dense rows out row by row, over batches", async () => {
    const [block] = await layOut([
      batch([Vectors.dense([1, 2]), Vectors.dense([3, 4])], [1, 0], [1, 2]),
      batch([Vectors.dense([5, 6])], [1], [0.5]),
    ]);
    expect(block.info).toMatchObject({ form: "dense", rows: 3, numFeatures: 2 });
    expect(rowsOf(block)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(doubles(block, block.info.label, 3)).toEqual([1, 0, 1]);
    expect(doubles(block, block.info.weight, 3)).toEqual([1, 2, 0.5]);
    expect([block.info.values, block.info.label, block.info.weight].every((at) => at % 64 === 0)).toBe(true);
  });
  it("keeps sparse rows sparse, dropping stored zeros", async () => {
    const rows = [wide(3, 7), wide(0, 0), wide(9, -1)];
    const [block] = await layOut([batch(rows, [0, 0, 0], [1, 1, 1])]);
    expect(block.info).toMatchObject({ form: "csr", rows: 3, numFeatures: 10, nnz: 2 });
    expect(rowsOf(block)).toEqual(rows.map((row) => [...row.toArray()]));
  });
  it("gives the same rows in either form, dense and sparse mixed", async () => {
    const batches = [
      batch([wide(3, 7), Vectors.dense([1, 0, 3, 4, 5, 6, 7, 8, 9, 10])], [0, 0], [1, 1]),
      batch([Vectors.dense([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])], [0], [1]),
    ];
    const [dense] = await layOut(batches, { form: "dense" });
    const [sparse] = await layOut(batches, { form: "csr" });
    expect([dense.info.form, sparse.info.form]).toEqual(["dense", "csr"]);
    expect(rowsOf(sparse)).toEqual(rowsOf(dense));
  });
  it("takes arrays of doubles and views that do not start at zero", async () => {
    const list = listColumn(Int32Array.of(2, 4, 6), f64Column(Float64Array.of(9, 9, 1, 2, 3, 4)));
    const arrays: Batch = { numRows: 2, columns: [list] };
    const [block] = await layOut([arrays], { label: undefined, weight: false });
    expect(rowsOf(block)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([block.info.label, block.info.weight]).toEqual([0, 0]);
    const plain: Batch = { numRows: 1, columns: [denseVectorColumn(Float64Array.of(1, 2), 2, 1)] };
    expect(rowsOf((await layOut([plain], { label: undefined, weight: false }))[0])).toEqual([[1, 2]]);
  });
  it("gives nothing for an empty partition", async () => {
    expect(await layOut([])).toEqual([]);
    expect(await layOut([batch([], [], [])])).toEqual([]);
  });
  it.each([
    ["Labels MUST NOT be Null or NaN", [Vectors.dense([1])], [Number.NaN], [1], {}],
    ["Labels MUST be in {0, 1}, but got 2.0", [Vectors.dense([1])], [2], [1], { label: { numClasses: 2 } }],
    ["Labels MUST be in [0, 2147483647), but got -1.0", [Vectors.dense([1])], [-1], [1], { label: "classification" }],
    ["Labels MUST be Integers, but got 0.5", [Vectors.dense([1])], [0.5], [1], { label: "classification" }],
    ["Weights MUST NOT be Null or NaN", [Vectors.dense([1])], [0], [Number.NaN], {}],
    ["Weights MUST NOT be Negative or Infinity, but got -1.0", [Vectors.dense([1])], [0], [-1], {}],
    ["Vectors MUST NOT be Null", [null], [0], [1], {}],
    ["Vector values MUST NOT be NaN or Infinity, but got [NaN,1.0]", [Vectors.dense([Number.NaN, 1])], [0], [1], {}],
    ["Vector values MUST NOT be NaN or Infinity, but got (10,[3],[Infinity])", [wide(3, Infinity)], [0], [1], {}],
    [
      "requirement failed: Dimensions mismatch when adding new sample. Expecting 1 but got 2.",
      [Vectors.dense([1]), Vectors.dense([1, 2])],
      [0, 0],
      [1, 1],
      {},
    ],
  ] as const)("rejects rows as Spark does: %s", async (message, features, label, weight, changes) => {
    await expect(layOut([batch(features, label, weight)], changes as Partial<InstancesPayload>)).rejects.toThrow(
      message,
    );
  });
});
