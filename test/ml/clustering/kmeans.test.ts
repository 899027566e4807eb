import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Vectors } from "../../../src/index.js";
import { SparkSession } from "../../../src/index.js";
import { KMeans, KMeansModel } from "../../../src/ml/clustering/kmeans.js";
import { readColumns } from "./points.js";

let spark: SparkSession;
let folder: string;
beforeAll(async () => {
  spark = SparkSession.builder.master("local[2]").create();
  folder = await mkdtemp(join(tmpdir(), "kindling-kmeans-"));
});
afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true });
});

const iris = readColumns("datasets/sklearn/iris.csv", ["sepal_length", "sepal_width", "petal_length", "petal_width"]);
const irisFrame = (partitions = 1) =>
  spark.createDataFrame(
    iris.map((row) => [Vectors.dense(row)]),
    "features vector",
    partitions,
  );
const points = (rows: readonly (readonly unknown[])[], schema = "features vector, w double") =>
  spark.createDataFrame(rows as unknown[][], schema, 1);
const four = [
  [Vectors.dense(1, 2), 1],
  [Vectors.dense(2, 1), 1],
  [Vectors.dense(3, 1), 2],
  [Vectors.dense(0, 3), 0],
];

describe("KMeans", () => {
  it("fits, reports, predicts, saves and loads", async () => {
    const model = await new KMeans({ k: 3, seed: 1 }).fit(irisFrame());
    expect(model.clusterCenters()[0][0]).toBeCloseTo(5.901612903225807, 10);
    const { summary } = model;
    expect(summary.clusterSizes).toEqual([62, 50, 38]);
    expect(summary.trainingCost).toBeCloseTo(78.85144142614598, 9);
    expect([summary.k, summary.numIter, summary.featuresCol]).toEqual([3, 3, "features"]);
    expect((await summary.cluster.collect()).slice(0, 2).map((row) => row.get("prediction"))).toEqual([1, 1]);
    expect(model.predict(Vectors.dense(5, 3.4, 1.5, 0.2))).toBe(1);
    expect(model.predict(Vectors.sparse(4, [0, 1], [5, 3.4]))).toBe(1);
    expect(model.hasSummary).toBe(true);

    const path = join(folder, "model");
    await model.write().overwrite().save(path);
    const loaded = await KMeansModel.load(path);
    expect(loaded.hasSummary).toBe(false);
    expect(() => loaded.summary).toThrow(/No training summary available for this KMeansModel/);
    expect(loaded.clusterCenters()).toEqual(model.clusterCenters());
    expect(String(loaded)).toBe(`KMeansModel: uid=${model.uid}, k=3, distanceMeasure=euclidean, numFeatures=4`);
    const schema = await loaded.transform(irisFrame()).schema();
    expect(schema.field("prediction").metadata).toEqual({ ml_attr: { type: "nominal", num_vals: 3 } });
  });

  it.each([3, 7])("finds as good clusters over %i partitions", async (partitions) => {
    const { summary } = await new KMeans({ k: 3, seed: 1 }).fit(irisFrame(partitions));
    expect(summary.trainingCost).toBeLessThan(79);
  });

  it("takes arrays of numbers, and sparse vectors", async () => {
    const arrays = points([[[1, 2]], [[2, 1]], [[9, 9]]], "features array<double>");
    await expect(new KMeans({ seed: 1 }).fit(arrays)).rejects.toThrow(
      /Column features must be of type equal to one of/,
    );
    const sparse = points([
      [Vectors.sparse(9, [0], [1]), 1],
      [Vectors.sparse(9, [0], [2]), 1],
      [Vectors.sparse(9, [8], [9]), 1],
    ]);
    const model = await new KMeans({ seed: 1 }).fit(sparse);
    const labels = (await model.transform(sparse).collect()).map((row) => row.get("prediction"));
    expect(labels[0]).toBe(labels[1]);
    expect(labels[2]).not.toBe(labels[0]);
  });

  it("normalises initial cosine centres where Spark's block solver runs", async () => {
    const fit = (solver: string) =>
      new KMeans({ seed: 1, distanceMeasure: "cosine", maxIter: 0, solver }).fit(points(four));
    expect((await fit("auto")).clusterCenters()[0]).toEqual(Float64Array.from([2.5, 1]));
    expect((await fit("block")).clusterCenters()[0][0]).toBeCloseTo(0.92847669, 8);
  });

  it("gives zero-weight points no say", async () => {
    const { summary } = await new KMeans({ seed: 1, weightCol: "w", distanceMeasure: "cosine" }).fit(points(four));
    expect(summary.trainingCost).toBeCloseTo(0.00670783673817299, 12);
    expect(summary.clusterSizes).toEqual([2, 2]);
  });

  it("refuses bad rows as Spark does", async () => {
    const fit = (row: readonly unknown[], options: object = {}) =>
      new KMeans({ seed: 1, ...options }).fit(points([...four, row]));
    const v = Vectors.dense(1, 1);
    const weighted = { weightCol: "w" };
    await expect(fit([v, -1], weighted)).rejects.toThrow("Weights MUST NOT be Negative or Infinity, but got -1.0");
    await expect(fit([v, null], weighted)).rejects.toThrow("Weights MUST NOT be Null or NaN");
    await expect(fit([null, 1])).rejects.toThrow("Vectors MUST NOT be Null");
    await expect(fit([Vectors.dense(Infinity, 1), 1])).rejects.toThrow(
      "Vector values MUST NOT be NaN or Infinity, but got [Infinity,1.0]",
    );
    await expect(fit([Vectors.dense(1), 1])).rejects.toThrow(/Dimensions mismatch when adding new sample. Expecting 2/);
    await expect(fit([Vectors.dense(0, 0), 1], { distanceMeasure: "cosine" })).rejects.toThrow(
      "Cosine distance is not defined for zero-length vectors.",
    );
    await expect(new KMeans({ seed: 1 }).fit(points([]))).rejects.toThrow(/requirement failed/);
    await expect(new KMeans({ seed: 1, predictionCol: "w" }).fit(points(four))).rejects.toThrow(
      "Column w already exists.",
    );
    expect(() => new KMeans({ k: 1 })).toThrow(/parameter k given invalid value 1/);
  });

  it("says which vector a model cannot place", async () => {
    const model = await new KMeans({ seed: 1 }).fit(points(four));
    await expect(model.transform(points([[Vectors.dense(1), 1]])).collect()).rejects.toThrow(
      /Both vectors should have same length, found v1 is 2 while v2 is 1/,
    );
    expect(() => model.predict(Vectors.dense(1))).toThrow(/found v1 is 2 while v2 is 1/);
  });
});
