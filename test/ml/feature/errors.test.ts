import { afterAll, beforeAll, expect, test } from "vitest";
import * as k from "../../../src/index.js";

let spark: k.SparkSession;
beforeAll(() => {
  spark = k.SparkSession.builder.master("local[1]").create();
});
afterAll(() => spark.stop());

const table = () =>
  spark.createDataFrame(
    [
      ["a", 1, 1.5],
      ["b", 2, Number.NaN],
      [null, null, null],
    ],
    "c string, l bigint, n double",
  );
const vectors = (...rows: (readonly number[] | null)[]) =>
  spark.createDataFrame(
    rows.map((row) => [row && k.Vectors.dense(row)]),
    new k.StructType([new k.StructField("v", k.vectorType)]),
  );
const io = { inputCol: "v", outputCol: "o" };

/** What Spark 4.3 says (uids masked), beyond the cases of errors.json. */
const cases: readonly (readonly [what: string, run: () => unknown, message: string])[] = [
  [
    "equal output columns",
    () => new k.StringIndexer({ inputCols: ["c", "l"], outputCols: ["o", "o"] }).fit(table()),
    "requirement failed: Output columns should not be duplicate.",
  ],
  [
    "fewer output columns",
    () => new k.StringIndexer({ inputCols: ["c", "l"], outputCols: ["o"] }).fit(table()),
    "requirement failed: The number of input columns does not match output columns",
  ],
  [
    "both forms",
    () => new k.StringIndexer({ inputCols: ["c", "l"], outputCol: "o" }).fit(table()),
    "StringIndexer StringIndexer_UID has the inputCols Param set for multi-column transform. The following Params are not applicable and should not be set: outputCol.The following Params must be defined but are not set: outputCols.",
  ],
  [
    "null where labels are due",
    async () =>
      (await new k.StringIndexer({ inputCol: "c", outputCol: "o" }).fit(table())).transform(table()).collect(),
    "StringIndexer encountered NULL value. To handle or skip NULLS, try setting StringIndexer.handleInvalid.",
  ],
  [
    "labels of several columns",
    async () => (await new k.StringIndexer({ inputCols: ["c", "l"], outputCols: ["o", "p"] }).fit(table())).labels,
    "This StringIndexerModel is fit on multiple columns. Call `labelsArray` instead.",
  ],
  [
    "null category",
    () => new k.OneHotEncoder({ inputCol: "l", outputCol: "o" }).fit(table()),
    "[ROW_VALUE_IS_NULL] Found NULL in a row at the index 0, expected a non-NULL value. SQLSTATE: 22023",
  ],
  [
    "vectors of unknown length",
    () => new k.VectorAssembler({ inputCols: ["v"], outputCol: "o" }).transform(vectors()).collect(),
    "Encountered empty dataframe while inferring lengths from the first row. Consider using VectorSizeHint to add metadata for columns: [v].",
  ],
  [
    "vectors of different lengths",
    () => new k.StandardScaler(io).fit(vectors([1, 2], [1, 2, 3])),
    "requirement failed: Dimensions mismatch when adding new sample. Expecting 2 but got 3.",
  ],
  [
    "an empty range",
    () => new k.MinMaxScaler({ ...io, min: 2, max: 1 }).fit(vectors([1, 2])),
    "requirement failed: The specified min(2.0) is larger or equal to max(1.0)",
  ],
  [
    "equal imputed columns",
    () => new k.Imputer({ inputCols: ["l", "n"], outputCols: ["o", "o"] }).fit(table()),
    "requirement failed: outputCols contains duplicates: (o, o)",
  ],
  [
    "no splits",
    () => new k.Bucketizer({ inputCol: "n", outputCol: "o" }).transform(table()).collect(),
    "Bucketizer Bucketizer: uid=Bucketizer_UID has the inputCol Param set for single-column transform. The following Params must be defined but are not set: splits.",
  ],
  [
    "an unknown language",
    () => k.StopWordsRemover.loadDefaultStopWords("klingon"),
    "requirement failed: klingon is not in the supported language list:",
  ],
  [
    "a wrong pattern",
    () => new k.RegexTokenizer({ inputCol: "c", outputCol: "o", pattern: "(a" }).transform(table()).collect(),
    "Unclosed group near index 2",
  ],
  ["no documents", () => new k.IDF(io).fit(vectors()), "Haven't seen any document yet."],
  [
    "a single row",
    () => new k.PCA({ ...io, k: 1 }).fit(vectors([1, 2])),
    "requirement failed: RowMatrix.computeCovariance called on matrix with only 1 rows.  Cannot compute the covariance of a RowMatrix with <= 1 row.",
  ],
  [
    "vectors that do not fit the components",
    async () => (await new k.PCA({ ...io, k: 1 }).fit(vectors([1, 2], [2, 5]))).transform(vectors([1, 2, 3])).collect(),
    "The columns of A don't match the number of elements of x. A: 2, x: 3",
  ],
  [
    "an index that is no number",
    () => new k.IndexToString({ inputCol: "n", outputCol: "o", labels: ["a", "b"] }).transform(table()).collect(),
    '[CAST_OVERFLOW] The value NaN of the type "DOUBLE" cannot be cast to "INT" due to an overflow.',
  ],
];

test.each(cases)("%s", async (_, run, message) => {
  const error: unknown = await Promise.resolve()
    .then(run)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message.replace(/_[0-9a-f]{12}/g, "_UID")).toContain(message);
});

test("a session stays usable after a failed job", async () => {
  const indexer = new k.StringIndexer({ inputCol: "c", outputCol: "o" });
  const model = await indexer.fit(table());
  await expect(model.transform(table()).collect()).rejects.toThrow("NULL");
  expect((await indexer.fit(table())).labels).toEqual(["a", "b"]);
});
