import { afterAll, beforeAll, expect, test } from "vitest";
import { CountVectorizerModel, type DataFrame, SparkSession, StringIndexerModel } from "../../../src/index.js";

let spark: SparkSession;
let df: DataFrame;
beforeAll(() => {
  spark = SparkSession.builder.master("local[1]").create();
  df = spark.createDataFrame(
    [
      ["a", 1, ["The", null, "a"]],
      ["b", 10_000_000, ["a"]],
      [null, null, []],
      ["a", 3, ["b"]],
    ],
    "c string, l bigint, w array<string>",
  );
});
afterAll(() => spark.stop());

const values = async (frame: DataFrame, column: string) =>
  (await frame.select(column).collect()).map((row) => row.get(0));

// The answers are those of Spark 4.3.
test("StringIndexerModel.fromLabels: of equal labels the last counts", async () => {
  const model = StringIndexerModel.fromLabels(["a", "a", "b"], "c", "o", "keep");
  expect(model.uid).toMatch(/^strIdx_[0-9a-f]{12}$/);
  expect(await values(model.transform(df), "o")).toEqual([1, 2, 3, 1]);
});

test("StringIndexerModel.fromArraysOfLabels leaves out columns that do not exist", async () => {
  const model = StringIndexerModel.fromArraysOfLabels(
    [
      ["x", "a", "b"],
      ["1", "3"],
    ],
    ["c", "l"],
    ["o", "p"],
    "keep",
  );
  expect(await values(model.transform(df), "o")).toEqual([1, 2, 3, 1]);
  expect(await values(model.transform(df), "p")).toEqual([0, 2, 2, 1]);
  expect((await model.transform(df.select("c")).schema()).fieldNames).toEqual(["c", "o"]);
});

test("CountVectorizerModel.fromVocabulary counts given terms", async () => {
  const model = CountVectorizerModel.fromVocabulary(["The", "a"], "w", "o", 0.1, true);
  expect(model.uid).toMatch(/^cntVecModel_[0-9a-f]{12}$/);
  expect((await values(model.transform(df), "o")).map(String)).toEqual([
    "(2,[0,1],[1.0,1.0])",
    "(2,[1],[1.0])",
    "(2,[],[])",
    "(2,[],[])",
  ]);
});
