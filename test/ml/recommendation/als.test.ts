import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SparkSession } from "../../../src/index.js";
import { ALS, ALSModel } from "../../../src/ml/recommendation/als.js";

let spark: SparkSession;
let folder: string;
beforeAll(async () => {
  spark = SparkSession.builder.master("local[2]").create();
  folder = await mkdtemp(join(tmpdir(), "kindling-als-"));
});
afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true });
});

const frame = (rows: readonly (readonly unknown[])[], schema = "user int, item int, rating float", partitions = 1) =>
  spark.createDataFrame(rows as unknown[][], schema, partitions);
const three = [
  [1, 1, 5],
  [2, 2, 3],
  [1, 2, 1],
];
const small = () => new ALS({ rank: 2, maxIter: 2, seed: 1 });

describe("ALS", () => {
  // Expected numbers: recorded from Spark 4.3.0 with the same data and params.
  it("recommends what Spark recommends", async () => {
    const model = await small().fit(frame(three));
    const rows = await model.recommendForAllUsers(5).collect();
    const plain = rows.map(
      (row) => [row.get("user"), row.get("recommendations")] as [number, { toArray(): number[] }[]],
    );
    plain.sort((a, b) => a[0] - b[0]);
    expect(plain.map(([user]) => user)).toEqual([1, 2]);
    const pairs = plain.map(([, list]) => list.map((row) => row.toArray()));
    expect(pairs.map((list) => list.map(([item]) => item))).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(pairs[0][0][1]).toBeCloseTo(4.938620567321777, 4);
    expect(pairs[1][0][1]).toBeCloseTo(2.9326462745666504, 4);
    const schema = await model.recommendForAllItems(1).schema();
    expect(schema.simpleString()).toBe("struct<item:int,recommendations:array<struct<user:int,rating:float>>>");
  });

  it.each(["int", "bigint", "double"])("recommends for a subset given as %s", async (type) => {
    const model = await small().fit(frame(three));
    const subset = frame([[1], [1], [7]], `user ${type}`);
    const rows = await model.recommendForUserSubset(subset, 5).collect();
    expect(rows.map((row) => row.get("user"))).toEqual([1]);
  });

  it("predicts, drops or marks what it does not know", async () => {
    const model = await small().fit(frame(three));
    const asked = frame(
      [
        [1, "x", 2],
        [9, "y", 2],
        [2, "z", 9],
      ],
      "user bigint, s string, item smallint",
    );
    const marked = model.transform(asked);
    expect((await marked.schema()).simpleString()).toBe("struct<user:int,s:string,item:int,prediction:float>");
    const predictions = (await marked.collect()).map((row) => row.get("prediction") as number);
    expect(predictions[0]).toBeCloseTo(1.002841591835022, 4);
    expect(predictions.slice(1)).toEqual([Number.NaN, Number.NaN]);
    const dropped = await model.setColdStartStrategy("drop").transform(asked).collect();
    expect(dropped.map((row) => row.get("s"))).toEqual(["x"]);
  });

  it("shows, saves and loads its factors", async () => {
    const model = await small().fit(frame(three, undefined, 3));
    expect(model.rank).toBe(2);
    const path = join(folder, "als");
    await model.write().overwrite().save(path);
    const loaded = await ALSModel.load(path);
    expect(String(loaded)).toBe(`ALSModel: uid=${model.uid}, rank=2`);
    const before = await model.userFactors.collect();
    const after = await loaded.userFactors.collect();
    expect(after.map((row) => row.toArray())).toEqual(before.map((row) => row.toArray()));
    expect(before.map((row) => row.get("id"))).toEqual([1, 2]);
  });

  it.each([
    [
      "user string, item int, rating float",
      ["a", 1, 1],
      "Column user must be of type numeric but was actually of type string.",
    ],
    [
      "user boolean, item int, rating float",
      [true, 1, 1],
      "Column user must be of type numeric but was actually of type boolean.",
    ],
    [
      "user int, item int, rating string",
      [1, 1, "5"],
      "Column rating must be of type numeric but was actually of type string.",
    ],
    ["user int, item int, rating float", [null, 1, 1], "user Ids MUST NOT be Null"],
    ["user double, item int, rating float", [1.5, 1, 1], "fractional part for column user, but got 1.5"],
    ["user int, item int, rating float", [1, 1, null], "Ratings MUST NOT be Null or NaN"],
    ["user int, item int, rating float", [1, 1, Number.NaN], "Ratings MUST NOT be Null or NaN"],
    ["user int, item int, rating float", [1, 1, Infinity], "Ratings MUST NOT be Infinity, but got Infinity"],
    ["user int, item int, prediction float, rating float", [1, 1, 1, 1], "Column prediction already exists."],
    [
      "u int, item int, rating float",
      [1, 1, 1],
      "[FIELD_NOT_FOUND] No such struct field `user` in `u`, `item`, `rating`.",
    ],
  ])("refuses %s of %j as Spark does", async (schema, row, message) => {
    await expect(small().fit(frame([row], schema))).rejects.toThrow(message);
  });

  it("refuses to recommend nothing, and to train on nothing", async () => {
    const model = await small().fit(frame(three));
    expect(() => model.recommendForAllUsers(0)).toThrow(/FAILED_FUNCTION_CALL/);
    await expect(small().fit(frame([]))).rejects.toThrow("requirement failed: No ratings available");
    expect(() => new ALS({ rank: 0 })).toThrow(/parameter rank given invalid value 0/);
    expect(() => new ALS({ alpha: -1 })).toThrow(/parameter alpha given invalid value -1.0/);
  });
});
