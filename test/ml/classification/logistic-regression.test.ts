import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type DataFrame,
  LogisticRegression,
  type LogisticRegressionModel,
  Matrices,
  SparkSession,
  type Vector,
  Vectors,
} from "../../../src/index.js";
import { generator } from "../../kernels/arena.js";

let spark: SparkSession;
beforeAll(() => void (spark = SparkSession.builder.master("local[2]").create()));
afterAll(() => spark.stop());

const schema = "label double, features vector, w double";
type Row = [label: number, features: Vector, w: number];

/** Rows of `numClasses` overlapping clouds, half of the features zero. */
function clouds(n: number, d: number, numClasses: number): Row[] {
  const random = generator(5);
  return Array.from({ length: n }, () => {
    const label = Math.floor(random() * numClasses);
    const features = Array.from({ length: d }, (_, j) =>
      random() < 0.5 ? 0 : (j % numClasses === label ? 1.5 : 0) + 4 * random(),
    );
    return [label, Vectors.dense(features), Math.ceil(3 * random())];
  });
}
const frame = (rows: readonly Row[], partitions = 1): DataFrame =>
  spark.createDataFrame(rows as unknown as unknown[][], schema, partitions);

const close = (a: LogisticRegressionModel, b: LogisticRegressionModel, digits = 7): void => {
  const [x, y] = [a.coefficientMatrix.toColumnMajor(), b.coefficientMatrix.toColumnMajor()];
  expect(x.length).toBe(y.length);
  x.forEach((v, i) => expect(v).toBeCloseTo(y[i], digits));
  a.interceptVector.toArray().forEach((v, i) => expect(v).toBeCloseTo(b.interceptVector.get(i), digits));
};

describe.each([
  ["binomial", 2],
  ["multinomial", 4],
])("%s", (_, numClasses) => {
  const rows = clouds(400, 7, numClasses);
  const params = { regParam: 0.05, tol: 1e-10, weightCol: "w" };

  it.each([3, 7])("gives the same model over %i partitions", async (partitions) => {
    const fit = (df: DataFrame) => new LogisticRegression(params).fit(df);
    close(await fit(frame(rows, partitions)), await fit(frame(rows)));
  });
  it("gives the same model for sparse rows, cached rows and rows that lie as they are", async () => {
    const plain = await new LogisticRegression(params).fit(frame(rows));
    const sparse = rows.map(([label, features, w]): Row => [label, features.toSparse(), w]);
    close(await new LogisticRegression(params).fit(frame(sparse, 2)), plain);
    const cached = frame(rows, 2).cache();
    close(await new LogisticRegression(params).fit(cached), plain);
    close(await new LogisticRegression(params).fit(cached), plain);
    await cached.unpersist();
  });
  it("counts a row of weight n as n rows, and one of weight zero as none", async () => {
    const zeros = rows.slice(0, 5).map(([label, features]): Row => [numClasses - 1 - label, features, 0]);
    const weighted = await new LogisticRegression(params).fit(frame([...zeros, ...rows]));
    const repeated = rows.flatMap(([label, features, w]) => Array.from({ length: w }, (): Row => [label, features, 1]));
    // Deviations are unbiased by weights, so the standardised penalty differs a little; without it they agree.
    const free = { ...params, standardization: false };
    close(
      await new LogisticRegression({ ...free, weightCol: "w" }).fit(frame([...zeros, ...rows])),
      await new LogisticRegression({ ...free, weightCol: "" }).fit(frame(repeated)),
      4,
    );
    expect(weighted.numClasses).toBe(numClasses);
  });
  it("predicts one vector as it predicts a column", async () => {
    const model = await new LogisticRegression(params).fit(frame(rows));
    const transformed = await model.transform(frame(rows.slice(0, 20))).collect();
    for (const row of transformed) {
      const features = row.get("features") as Vector;
      const raw = (row.get("rawPrediction") as Vector).toArray();
      model
        .predictRaw(features)
        .toArray()
        .forEach((v, i) => expect(v).toBeCloseTo(raw[i], 12));
      const probability = (row.get("probability") as Vector).toArray();
      expect(probability.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      model
        .predictProbability(features)
        .toArray()
        .forEach((v, i) => expect(v).toBeCloseTo(probability[i], 12));
      expect(model.predict(features)).toBe(row.get("prediction"));
    }
  });
  it("predicts the same when only the prediction is wanted", async () => {
    const model = await new LogisticRegression(params).fit(frame(rows));
    const all = await model.transform(frame(rows)).collect();
    const only = model.copy().setRawPredictionCol("").setProbabilityCol("");
    const predictions = await only.transform(frame(rows)).collect();
    expect(predictions.map((row) => row.get("prediction"))).toEqual(all.map((row) => row.get("prediction")));
  });
});

describe("summaries", () => {
  const rows = clouds(200, 4, 2);
  it("weigh rows by the weight column", async () => {
    const model = await new LogisticRegression({ weightCol: "w", regParam: 0.1 }).fit(frame(rows));
    const { summary } = model;
    expect(summary.weightCol).toBe("w");
    const predicted = await summary.predictions.collect();
    const total = rows.reduce((sum, [, , w]) => sum + w, 0);
    const right = predicted.reduce((sum, row, i) => sum + (row.get("prediction") === rows[i][0] ? rows[i][2] : 0), 0);
    expect(await summary.accuracy).toBeCloseTo(right / total, 12);
    expect(summary.totalIterations).toBe(summary.objectiveHistory.length - 1);
    expect(await (await model.evaluate(frame(rows))).areaUnderROC).toBeCloseTo(await summary.areaUnderROC, 12);
  });
  it("name the weight column as Spark does when there is none, and belong to fitted models only", async () => {
    const model = await new LogisticRegression({ maxIter: 2 }).fit(frame(rows));
    expect(model.summary.weightCol).toBe("weightCol");
    expect(await model.summary.accuracy).toBeGreaterThan(0.5);
    expect(await (await model.summary.roc).columns()).toEqual(["FPR", "TPR"]);
    expect(model.hasSummary).toBe(true);
  });
  it("of several classes have one rate a label", async () => {
    const { summary } = await new LogisticRegression({ maxIter: 5 }).fit(frame(clouds(200, 4, 3)));
    expect(await summary.labels).toEqual([0, 1, 2]);
    expect(await summary.precisionByLabel).toHaveLength(3);
    expect(await summary.fMeasureByLabel(0.5)).toHaveLength(3);
  });
});

describe("refuses", () => {
  const rows = clouds(50, 3, 2);
  const six = (...values: number[]) => Matrices.dense(2, 3, values);
  it.each([
    ["one threshold too many", { thresholds: [0.2, 0.3, 0.5] }, "numClasses=2, but thresholds has length 3"],
    [
      "bounds that cross in a later element",
      {
        family: "multinomial",
        lowerBoundsOnCoefficients: six(0, 5, 0, 0, 0, 0),
        upperBoundsOnCoefficients: six(10, 1, 1, 1, 1, 1),
      },
      "LowerBoundsOnCoefficients should always be less than or equal to upperBoundsOnCoefficients",
    ],
    ["bounds of another shape", { upperBoundsOnCoefficients: six(1, 1, 1, 1, 1, 1) }, "but found: (2, 3)."],
    [
      "too many bounds on intercepts",
      { lowerBoundsOnIntercepts: Vectors.dense(1, 2) },
      "The size of lowerBoundsOnIntercepts must be equal to 1 for binomial regression",
    ],
  ])("%s", async (_, params, message) => {
    await expect(new LogisticRegression(params).fit(frame(rows))).rejects.toThrow(message);
  });
  it("the binomial family for three classes", async () => {
    const fit = new LogisticRegression({ family: "binomial" }).fit(frame(clouds(50, 3, 3)));
    await expect(fit).rejects.toThrow("Binomial family only supports 1 or 2 outcome classes but found 3.");
  });
  it("to make a summary or binomial coefficients up", async () => {
    const model = await new LogisticRegression({ family: "multinomial", maxIter: 1 }).fit(frame(rows));
    expect(() => model.coefficients).toThrow("use coefficientMatrix instead");
    expect(() => model.intercept).toThrow("use interceptVector instead");
  });
});
