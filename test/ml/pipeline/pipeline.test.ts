import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Binarizer,
  type DataFrame,
  loadStage,
  MinMaxScaler,
  ParamMap,
  Pipeline,
  PipelineModel,
  RegressionEvaluator,
  SparkSession,
  VectorAssembler,
} from "../../../src/index.js";

let spark: SparkSession;
let data: DataFrame;
let folder: string;
beforeAll(async () => {
  spark = SparkSession.builder.master("local[2]").create();
  data = spark.createDataFrame(
    [
      [0, 1],
      [2, 3],
      [4, 8],
    ],
    "x double, y double",
    2,
  );
  folder = await mkdtemp(join(tmpdir(), "kindling-"));
});
afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true });
});

const stages = () => ({
  binarizer: new Binarizer({ inputCol: "x", outputCol: "b", threshold: 1 }),
  assembler: new VectorAssembler({ inputCols: ["x", "y"], outputCol: "v" }),
  scaler: new MinMaxScaler({ inputCol: "v", outputCol: "s" }),
});
const rowsOf = async (df: DataFrame): Promise<string[]> => (await df.collect()).map((row) => String(row.get("s")));

describe("Pipeline", () => {
  it("fits stages in order on the output of those before", async () => {
    const { binarizer, assembler, scaler } = stages();
    const model = await new Pipeline({ stages: [binarizer, assembler, scaler] }).fit(data);
    expect(model.stages.map((stage) => stage.constructor.name)).toEqual([
      "Binarizer",
      "VectorAssembler",
      "MinMaxScalerModel",
    ]);
    const answer = model.transform(data);
    expect(await answer.columns()).toEqual(["x", "y", "b", "v", "s"]);
    expect(await rowsOf(answer)).toEqual(["[0.0,0.0]", "[0.5,0.2857142857142857]", "[1.0,1.0]"]);
    expect(model.transformSchema(await data.schema()).simpleString()).toBe((await answer.schema()).simpleString());
  });
  it("hands params in a map to the stages they belong to and changes nothing itself", async () => {
    const { binarizer, assembler, scaler } = stages();
    const pipeline = new Pipeline().setStages([binarizer, assembler, scaler]);
    const map = new ParamMap().put(scaler.max, 10).put(binarizer.threshold, 3);
    const model = await pipeline.fit(data, map);
    expect((await rowsOf(model.transform(data)))[2]).toBe("[10.0,10.0]");
    expect([scaler.getMax(), binarizer.getThreshold()]).toEqual([1, 1]);
    const other = model.transform(data, new ParamMap().put(binarizer.outputCol, "other"));
    expect(await other.columns()).toContain("other");
    expect(await model.transform(data).columns()).not.toContain("other");
    expect(pipeline.copy(map).getStages()[2].getOrDefault("max")).toBe(10);
  });
  it("without stages passes the data through", async () => {
    const model = await new Pipeline({ stages: [] }).fit(data);
    expect(await model.transform(data).collect()).toEqual(await data.collect());
  });
  it("is saved as Spark saves it and comes back", async () => {
    const { binarizer, assembler, scaler } = stages();
    const pipeline = new Pipeline({ stages: [binarizer, new Pipeline({ stages: [assembler, scaler] })] });
    await pipeline.save(join(folder, "p"));
    expect(await readdir(join(folder, "p", "stages"))).toEqual([
      `0_${binarizer.uid}`,
      `1_${pipeline.getStages()[1].uid}`,
    ]);
    const model = await (await Pipeline.load(join(folder, "p"))).fit(data);
    await model.save(join(folder, "m"));
    const loaded = await PipelineModel.load(join(folder, "m"));
    expect([loaded.uid, await rowsOf(loaded.transform(data))]).toEqual([
      model.uid,
      await rowsOf(model.transform(data)),
    ]);
    expect(await loadStage(join(folder, "m"))).toBeInstanceOf(PipelineModel);
    await expect(PipelineModel.load(join(folder, "p"))).rejects.toThrow(
      "Expected class name org.apache.spark.ml.PipelineModel",
    );
  });
  it("pads the numbers of ten and more stages", async () => {
    const many = Array.from({ length: 10 }, (_, i) => new Binarizer({ inputCol: "x", outputCol: `b${i}` }));
    await new Pipeline({ stages: many }).save(join(folder, "many"));
    expect((await readdir(join(folder, "many", "stages")))[3]).toBe(`03_${many[3].uid}`);
    const loaded = await Pipeline.load(join(folder, "many"));
    expect(loaded.getStages().map((stage) => stage.uid)).toEqual(many.map((stage) => stage.uid));
  });
  it("refuses what is no stage, and the same stage twice", async () => {
    expect(() => new Pipeline({ stages: [new RegressionEvaluator() as never] })).toThrow(
      "Cannot recognize a pipeline stage of type RegressionEvaluator.",
    );
    const { binarizer } = stages();
    await expect(new Pipeline({ stages: [binarizer, binarizer] }).fit(data)).rejects.toThrow("duplicate components");
    await expect(new Pipeline().fit(data)).rejects.toThrow("Failed to find a default value for stages");
  });
  it("checks the schema of all stages before it starts", async () => {
    const { assembler, scaler } = stages();
    const wrong = new Binarizer({ inputCol: "nope", outputCol: "b" });
    const events: string[] = [];
    const off = spark.events.on((event) => events.push(event.type));
    await expect(new Pipeline({ stages: [assembler, scaler, wrong] }).fit(data)).rejects.toMatchObject({
      condition: "FIELD_NOT_FOUND",
    });
    off();
    expect(events).toEqual([]);
  });
});
