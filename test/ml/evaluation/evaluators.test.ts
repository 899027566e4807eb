import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BinaryClassificationEvaluator,
  binaryClassificationMetrics,
  ClusteringEvaluator,
  type DataFrame,
  type Evaluator,
  MulticlassClassificationEvaluator,
  multiclassMetrics,
  RankingEvaluator,
  RegressionEvaluator,
  SparkSession,
  Vectors,
} from "../../../src/index.js";

let spark: SparkSession;
beforeAll(() => void (spark = SparkSession.builder.master("local[2]").create()));
afterAll(() => spark.stop());

/** A repeatable sequence of numbers in [0, 1). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}
function scored(rows: number, partitions: number): DataFrame {
  const next = numbers(7);
  const draw = (): number => next.next().value;
  const data = Array.from({ length: rows }, () => {
    const score = draw();
    return [score, draw() < score ? 1 : 0, draw()];
  });
  return spark.createDataFrame(data, "rawPrediction double, label double, w double", partitions);
}

describe("BinaryClassificationEvaluator", () => {
  it("merges many scores on the workers with the answer of one sorted list", async () => {
    const rows = 40_000;
    const df = scored(rows, 5);
    const sorted = (await df.collect()).sort((a, b) => Number(b.get(0)) - Number(a.get(0)));
    let [positive, area] = [0, 0];
    for (const row of sorted) {
      if (row.get(1) === 1) positive++;
      else area += positive;
    }
    const expected = area / (positive * (rows - positive));
    const evaluator = new BinaryClassificationEvaluator({ numBins: 0 });
    expect(await evaluator.evaluate(df)).toBeCloseTo(expected, 12);
    expect(await evaluator.evaluate(df, { numBins: 1000 })).toBeCloseTo(expected, 4);
    const curve = await binaryClassificationMetrics(df, { scoreCol: "rawPrediction", labelCol: "label", numBins: 0 });
    expect(curve.thresholds).toHaveLength(rows);
    expect(curve.areaUnderROC).toBeCloseTo(expected, 12);
    const pr = await evaluator.evaluate(df, { metricName: "areaUnderPR" });
    expect(pr).toBeCloseTo(curve.areaUnderPR, 12);
  });
  it("groups scores the same way on the workers and on the driver", async () => {
    const df = scored(40_000, 4);
    const request = { scoreCol: "rawPrediction", labelCol: "label", weightCol: "w", numBins: 100 };
    const grouped = await binaryClassificationMetrics(df, request);
    const all = await binaryClassificationMetrics(df, { ...request, numBins: 0 });
    expect(grouped.thresholds).toEqual(
      [0, 1, 2, 3].flatMap((range) =>
        Array.from({ length: 25 }, (_, group) => all.thresholds[range * 10_000 + group * 400 + 399]),
      ),
    );
    expect(grouped.roc.at(-2)).toEqual([1, 1]);
    expect(grouped.areaUnderROC).toBeCloseTo(all.areaUnderROC, 3);
  });
  it("gives curves that start and end where Spark's do", async () => {
    const df = spark.createDataFrame(
      [
        [0.9, 1],
        [0.8, 0],
        [0.8, 1],
        [0.1, 0],
      ],
      "s double, label double",
      2,
    );
    const metrics = await binaryClassificationMetrics(df, { scoreCol: "s", labelCol: "label", numBins: 1000 });
    expect(metrics.roc).toEqual([
      [0, 0],
      [0, 0.5],
      [0.5, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(metrics.pr).toEqual([
      [0, 1],
      [0.5, 1],
      [1, 2 / 3],
      [1, 0.5],
    ]);
    expect(metrics.precisionByThreshold()).toEqual([
      [0.9, 1],
      [0.8, 2 / 3],
      [0.1, 0.5],
    ]);
    expect(metrics.recallByThreshold()[1]).toEqual([0.8, 1]);
    expect(metrics.fMeasureByThreshold()[1]).toEqual([0.8, 0.8]);
  });
  it("knows what to say of no rows", async () => {
    const none = scored(3, 1).limit(0);
    expect(await new BinaryClassificationEvaluator().evaluate(none)).toBe(0.5);
    await expect(new BinaryClassificationEvaluator({ metricName: "areaUnderPR" }).evaluate(none)).rejects.toThrow(
      "empty collection",
    );
  });
});

describe("MulticlassMetrics", () => {
  it("has a confusion matrix in label order", async () => {
    const df = spark.createDataFrame(
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [2, 7],
      ],
      "label double, prediction double",
      3,
    );
    const metrics = await multiclassMetrics(df, { labelCol: "label", predictionCol: "prediction" });
    expect(metrics.labels).toEqual([0, 2]);
    expect(metrics.confusionMatrix.toArray().map((row) => [...row])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(() => metrics.precision(7)).toThrow("key not found: 7.0");
  });
});

describe("evaluators", () => {
  it.each<[string, Evaluator, string, readonly unknown[]]>([
    [
      "Column p must be of type equal to one of the following types: [double, float]",
      new RegressionEvaluator({ predictionCol: "p" }),
      "p string, label double",
      ["a", 1],
    ],
    [
      "Column p must be of type class org.apache.spark.sql.types.DoubleType$:double but was actually class org.apache.spark.sql.types.IntegerType$:int.",
      new MulticlassClassificationEvaluator({ predictionCol: "p" }),
      "p int, label double",
      [1, 1],
    ],
    [
      "DoubleType column cannot be cast to Vector",
      new MulticlassClassificationEvaluator({ predictionCol: "p", probabilityCol: "p", metricName: "logLoss" }),
      "p double, label double",
      [1, 1],
    ],
    [
      "Column label must be of type numeric but was actually of type string.",
      new RegressionEvaluator({ predictionCol: "p" }),
      "p double, label string",
      [1, "a"],
    ],
    [
      "Weights MUST NOT be Negative or Infinity, but got -1.0",
      new RegressionEvaluator({ predictionCol: "p", weightCol: "w" }),
      "p double, label double, w int",
      [1, 1, -1],
    ],
    [
      "No such struct field `nope` in `p`, `label`.",
      new RegressionEvaluator({ predictionCol: "nope" }),
      "p double, label double",
      [1, 1],
    ],
    [
      "assertion failed: Number of clusters must be greater than one.",
      new ClusteringEvaluator(),
      "features vector, prediction int",
      [Vectors.dense([1]), 0],
    ],
    [
      "must be of type equal to one of the following types: [array<double>, array<double>]",
      new RankingEvaluator(),
      "prediction double, label array<double>",
      [1, [1]],
    ],
  ])("reject what they cannot judge: %s", async (message, evaluator, schema, row) => {
    await expect(evaluator.evaluate(spark.createDataFrame([row], schema, 1))).rejects.toThrow(message);
  });
  it("answer alike over 1, 3 and 7 partitions", async () => {
    const results = await Promise.all(
      [1, 3, 7].map((partitions) =>
        new RegressionEvaluator({ predictionCol: "rawPrediction", weightCol: "w", metricName: "r2" }).evaluate(
          scored(100, partitions),
        ),
      ),
    );
    for (const result of results) expect(result).toBeCloseTo(results[0], 12);
  });
});
