import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ClusteringEvaluator,
  CrossValidator,
  CrossValidatorModel,
  type DataFrame,
  KMeans,
  type KMeansModel,
  MinMaxScaler,
  ParamGridBuilder,
  ParamMap,
  Pipeline,
  type PipelineModel,
  SparkSession,
  TrainValidationSplit,
  TrainValidationSplitModel,
  VectorAssembler,
} from "../../../src/index.js";

let spark: SparkSession;
let data: DataFrame;
let folder: string;
beforeAll(async () => {
  spark = SparkSession.builder.master("local[2]").create();
  const rows = Array.from({ length: 60 }, (_, i) => [(i % 3) * 10 + (i % 7) / 10, (i % 3) * 5 + (i % 5) / 10, i % 2]);
  const plain = spark.createDataFrame(rows, "a double, b double, fold int", 3);
  data = new VectorAssembler({ inputCols: ["a", "b"], outputCol: "features" }).transform(plain);
  folder = await mkdtemp(join(tmpdir(), "kindling-"));
});
afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true });
});

const evaluator = new ClusteringEvaluator();
const kmeans = () => new KMeans({ seed: 1 });
const grid = (estimator: KMeans) => new ParamGridBuilder().addGrid(estimator.k, [2, 3, 5]).build();

/** Cached and freed plans while `body` runs. */
async function cacheEvents(body: () => Promise<unknown>): Promise<{ cached: number; freed: number }> {
  const seen = { cached: 0, freed: 0 };
  const off = spark.events.on(({ type }) => {
    if (type === "blockCached") seen.cached++;
    if (type === "blockEvicted") seen.freed++;
  });
  await body().finally(off);
  return seen;
}

describe("ParamGridBuilder", () => {
  it("builds all combinations, the last param fastest", () => {
    const k = kmeans();
    const maps = new ParamGridBuilder().baseOn([k.seed, 7]).addGrid(k.k, [2, 3]).addGrid(k.maxIter, [1, 5]).build();
    expect(maps.map((map) => [map.get(k.seed), map.get(k.k), map.get(k.maxIter)])).toEqual([
      [7, 2, 1],
      [7, 2, 5],
      [7, 3, 1],
      [7, 3, 5],
    ]);
    expect(new ParamGridBuilder().build()).toHaveLength(1);
    expect(new ParamGridBuilder().baseOn(new ParamMap().put(k.k, 4)).build()[0].get(k.k)).toBe(4);
    expect(() => new ParamGridBuilder().addGrid(k.k, [1]).build()).toThrow("parameter k given invalid value 1.");
  });
});

describe("CrossValidator", () => {
  it("finds the best setting, whatever the parallelism, and frees what it cached", async () => {
    const estimator = kmeans();
    const common = { estimator, evaluator, estimatorParamMaps: grid(estimator), seed: 5, collectSubModels: true };
    const serial = await new CrossValidator(common).fit(data);
    let parallel: CrossValidatorModel | undefined;
    const { cached, freed } = await cacheEvents(async () => {
      parallel = await new CrossValidator({ ...common, parallelism: 3 }).fit(data);
    });
    expect((serial.bestModel as KMeansModel).clusterCenters()).toHaveLength(3);
    expect(parallel!.avgMetrics).toEqual(serial.avgMetrics);
    expect(serial.stdMetrics.every((deviation) => deviation >= 0)).toBe(true);
    expect(serial.subModels!.map((fold) => fold.map((model) => model.getOrDefault("k")))).toEqual(
      [0, 1, 2].map(() => [2, 3, 5]),
    );
    expect(serial.getNumFolds()).toBe(3);
    expect([cached > 0, freed]).toEqual([true, cached]);
  });
  it("takes folds from a column and reports each setting that is done", async () => {
    const estimator = kmeans();
    const tuner = new CrossValidator({
      estimator,
      evaluator,
      estimatorParamMaps: grid(estimator),
      numFolds: 2,
      foldCol: "fold",
    });
    const progress: [number, number][] = [];
    const off = spark.events.on((event) => {
      if (event.type === "sweep" && event.uid === tuner.uid) progress.push([event.done, event.total]);
    });
    const model = await tuner.fit(data);
    off();
    expect(progress).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6]));
    expect(model.avgMetrics[1]).toBeGreaterThan(model.avgMetrics[0]);
  });
  it("refuses folds out of range and empty folds, and frees what it cached", async () => {
    const estimator = kmeans();
    const tuner = new CrossValidator({ estimator, evaluator, estimatorParamMaps: grid(estimator), foldCol: "fold" });
    const { cached, freed } = await cacheEvents(async () => {
      await expect(tuner.copy({ numFolds: 1 }).fit(data)).rejects.toThrow(
        "[USER_RAISED_EXCEPTION] Fold number must be in range [0, 1), but got 1 SQLSTATE: P0001",
      );
      await expect(tuner.fit(data)).rejects.toThrow("The validation data at fold 2 is empty.");
    });
    expect(freed).toBe(cached);
  });
  it("fits pipeline stages that no setting touches once a fold, with the same result", async () => {
    const estimator = new KMeans({ seed: 1, featuresCol: "scaled" });
    const scaler = new MinMaxScaler({ inputCol: "features", outputCol: "scaled" });
    const pipeline = new Pipeline({ stages: [scaler, estimator] });
    const common = { estimator: pipeline, evaluator, numFolds: 2, seed: 3, collectSubModels: true };
    const settings = grid(estimator);
    const shared = await new CrossValidator({ ...common, estimatorParamMaps: settings }).fit(data);
    // A setting that sets the scaler's own default keeps the scaler from being shared.
    const apart = settings.map((map) => map.copy().put(scaler.max, 1));
    const separate = await new CrossValidator({ ...common, estimatorParamMaps: apart }).fit(data);
    expect(shared.avgMetrics).toEqual(separate.avgMetrics);
    const sub = shared.subModels![1][2] as PipelineModel;
    expect(sub.stages.map((stage) => stage.constructor.name)).toEqual(["MinMaxScalerModel", "KMeansModel"]);
  });
  it("is saved with estimator, evaluator, settings and models", async () => {
    const estimator = kmeans();
    const maps = grid(estimator);
    const tuner = new CrossValidator({
      estimator,
      evaluator,
      estimatorParamMaps: maps,
      numFolds: 2,
      collectSubModels: true,
    });
    await tuner.save(join(folder, "cv"));
    const [part] = (await readdir(join(folder, "cv", "metadata"))).filter((name) => name.startsWith("part-"));
    const metadata = await readFile(join(folder, "cv", "metadata", part), "utf8");
    for (const key of ["numFolds", "seed", "estimatorParamMaps"]) {
      const [params] = metadata.split('"defaultParamMap"');
      expect(params.split(`"${key}":`)).toHaveLength(2);
    }
    const loaded = await CrossValidator.load(join(folder, "cv"));
    expect([loaded.uid, loaded.getNumFolds(), loaded.getEvaluator().uid]).toEqual([tuner.uid, 2, evaluator.uid]);
    expect(
      loaded.getEstimatorParamMaps().map((map) => [...map].map(([param, value]) => [String(param), value])),
    ).toEqual(maps.map((map) => [...map].map(([param, value]) => [String(param), value])));
    const stages = new ParamMap().put(new Pipeline({ stages: [] }).stages, []);
    await expect(tuner.copy({ estimatorParamMaps: [stages] }).save(join(folder, "no"))).rejects.toThrow(
      'The setting "stages"',
    );
    const model = await loaded.fit(data);
    await model.save(join(folder, "cvm"));
    expect(await readdir(join(folder, "cvm", "subModels"))).toEqual(["fold0", "fold1"]);
    const again = await CrossValidatorModel.load(join(folder, "cvm"));
    expect([again.avgMetrics, again.stdMetrics]).toEqual([model.avgMetrics, model.stdMetrics]);
    expect(again.subModels!.map((fold) => fold.length)).toEqual([3, 3]);
    expect(await again.transform(data).collect()).toEqual(await model.transform(data).collect());
    await model.write().option("persistSubModels", "false").overwrite().save(join(folder, "cvm"));
    expect((await CrossValidatorModel.load(join(folder, "cvm"))).subModels).toBeUndefined();
    await expect(model.write().option("persistSubModels", "maybe").save(join(folder, "no"))).rejects.toThrow(
      "persistSubModels option value maybe is invalid",
    );
  });
});

describe("TrainValidationSplit", () => {
  it("compares settings on one split and is saved", async () => {
    const estimator = kmeans();
    const tuner = new TrainValidationSplit({
      estimator,
      evaluator,
      estimatorParamMaps: grid(estimator),
      seed: 2,
      collectSubModels: true,
    });
    const model = await tuner.fit(data);
    expect((model.bestModel as KMeansModel).clusterCenters()).toHaveLength(3);
    expect([model.validationMetrics.length, model.subModels!.length, model.getTrainRatio()]).toEqual([3, 3, 0.75]);
    await model.save(join(folder, "tvs"));
    const loaded = await TrainValidationSplitModel.load(join(folder, "tvs"));
    expect(loaded.validationMetrics).toEqual(model.validationMetrics);
    expect(await loaded.transform(data).collect()).toEqual(await model.transform(data).collect());
  });
});
