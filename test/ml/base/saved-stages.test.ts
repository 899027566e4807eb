import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Vectors } from "../../../src/linalg/index.js";
import {
  declareParams,
  defineStage,
  doubleArrayParam,
  findStage,
  hasSeed,
  loadStage,
  MLReader,
  MLWritable,
  type ParamAccess,
  type ParamOptions,
  type Params,
  vectorParam,
} from "../../../src/ml/base/index.js";
import { BinaryClassificationEvaluator, RegressionEvaluator } from "../../../src/ml/evaluation/index.js";
import { Binarizer } from "../../../src/ml/feature/binarizer.js";
import { doubleType, StructField, StructType, vectorType } from "../../../src/sql/types/index.js";

const params = declareParams({
  ...hasSeed,
  bounds: doubleArrayParam("Bounds.", { default: [0] }),
  centre: vectorParam("A vector."),
});
interface Saved extends ParamAccess<typeof params, Saved> {}
class Saved extends MLWritable {
  constructor(
    readonly scale: number,
    options: ParamOptions<typeof params> = {},
    uid?: string,
  ) {
    super(options, uid);
  }
}
defineStage(Saved, {
  javaClass: "org.example.Saved",
  params,
  persistence: {
    tables: { data: new StructType([new StructField("scale", doubleType, false), new StructField("v", vectorType)]) },
    toData: ({ scale }) => ({ data: [[scale, Vectors.sparse(3, [1], [scale])]] }),
    extraMetadata: () => ({ numFeatures: 3 }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      expect([row.v, saved.metadata.numFeatures]).toEqual([Vectors.sparse(3, [1], [row.scale as number]), 3]);
      return new Saved(row.scale as number, {}, saved.uid);
    },
  },
});

const samples = new URL("../../golden/models/", import.meta.url).pathname;
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "kindling-"))));
afterEach(() => rm(folder, { recursive: true }));

async function metadataFile(path: string): Promise<string> {
  const names = await readdir(join(path, "metadata"));
  return join(path, "metadata", names.find((name) => name.startsWith("part-")) as string);
}
const values = (stage: Params): unknown => stage.setParamValues().map(([param, value]) => [param.name, value]);

describe("saving", () => {
  it("keeps uid, params, defaults and data", async () => {
    const stage = new Saved(2.5, { bounds: [-Infinity, 1], centre: Vectors.dense([1, 2]), seed: 2n ** 61n });
    await stage.save(join(folder, "s"));
    const loaded = await Saved.load(join(folder, "s"));
    expect([loaded.uid, loaded.scale, values(loaded)]).toEqual([stage.uid, 2.5, values(stage)]);
    expect(loaded.defaultParamValues().map(([p, v]) => [p.name, v])).toEqual(
      stage.defaultParamValues().map(([p, v]) => [p.name, v]),
    );
  });
  it("writes one line of JSON in Spark's order and spelling", async () => {
    await new Saved(1, { bounds: [-Infinity, 0.5] }, "Saved_1").save(join(folder, "s"));
    const text = await readFile(await metadataFile(join(folder, "s")), "utf8");
    expect(text.replace(/"timestamp":\d+/, '"timestamp":0')).toBe(
      '{"class":"org.example.Saved","timestamp":0,"sparkVersion":"4.3.0","uid":"Saved_1",' +
        '"paramMap":{"bounds":["-Inf",0.5]},"defaultParamMap":{"bounds":[0.0],"seed":-1853044407},"numFeatures":3}\n'.replace(
          "-1853044407",
          String(new Saved(1).getSeed()),
        ),
    );
  });
  it("overwrites only when asked", async () => {
    const path = join(folder, "s");
    await new Saved(1).save(path);
    await expect(new Saved(2).save(path)).rejects.toThrow(/already exists. To overwrite it, please use write/);
    expect((await Saved.load(path)).scale).toBe(1);
    await new Saved(2).write().overwrite().save(path);
    expect((await Saved.load(path)).scale).toBe(2);
    expect(await readdir(folder)).toEqual(["s"]);
  });
  it("leaves the old save alone when writing fails", async () => {
    const path = join(folder, "s");
    await new Saved(1).save(path);
    const broken = new Saved("no number" as unknown as number);
    await expect(broken.write().overwrite().save(path)).rejects.toThrow();
    expect((await Saved.load(path)).scale).toBe(1);
    expect(await readdir(folder)).toEqual(["s"]);
  });
});

describe("loading", () => {
  const change = async (edit: (text: string) => string): Promise<string> => {
    const path = join(folder, "changed");
    await new Saved(1).save(path);
    const file = await metadataFile(path);
    await writeFile(file, edit(await readFile(file, "utf8")));
    return path;
  };
  it("finds the class by the metadata", async () => {
    await new Saved(3).save(join(folder, "s"));
    expect(await loadStage(join(folder, "s"))).toBeInstanceOf(Saved);
  });
  it("rejects another class", async () => {
    await new Saved(1).save(join(folder, "s"));
    await expect(Binarizer.load(join(folder, "s"))).rejects.toThrow(
      "requirement failed: Error loading metadata: Expected class name org.apache.spark.ml.feature.Binarizer " +
        "but found class name org.example.Saved",
    );
  });
  it("rejects what is missing or foreign", async () => {
    await expect(Saved.load(join(folder, "nothing"))).rejects.toMatchObject({ condition: "PATH_NOT_FOUND" });
    await mkdir(join(folder, "empty", "metadata"), { recursive: true });
    await expect(Saved.load(join(folder, "empty"))).rejects.toThrow("is empty");
    await new Saved(1).save(join(folder, "s"));
    await rm(join(folder, "s", "data"), { recursive: true });
    await expect(Saved.load(join(folder, "s"))).rejects.toMatchObject({ condition: "PATH_NOT_FOUND" });
  });
  it.each([
    ["text that is no JSON", () => "hello\n", "its metadata is not JSON"],
    ["a missing uid", (s: string) => s.replace('"uid"', '"id"'), 'has no "uid"'],
    ["an unknown param", (s: string) => s.replace('"paramMap":{', '"paramMap":{"zz":1'), "Param zz does not exist"],
    ["a newer version", (s: string) => s.replace("4.3.0", "5.0.0"), "saved by Spark 5.0.0, newer than"],
    ["no version", (s: string) => s.replace("4.3.0", "later"), "not a Spark version"],
    ["an unknown class", (s: string) => s.replace("org.example.Saved", "org.x.Y"), "found class name org.x.Y"],
  ])("rejects %s", async (_what, edit, message) => {
    await expect(Saved.load(await change(edit))).rejects.toThrow(message);
  });
  it("names a class that does not exist", async () => {
    const path = await change((s) => s.replace("org.example.Saved", "org.x.Y"));
    await expect(loadStage(path)).rejects.toThrow("org.x.Y, a class that kindling does not have");
  });
  it.each(["BinaryClassificationEvaluator", "RegressionEvaluator", "Binarizer"])("reads Spark's %s", async (name) => {
    const expected = JSON.parse(await readFile(`${samples}${name}.expect.json`, "utf8")) as { params: object };
    const descriptor = findStage(name)!;
    const stage = await new MLReader(descriptor.stageClass).load(samples + name);
    expect(stage).toBeInstanceOf({ BinaryClassificationEvaluator, RegressionEvaluator, Binarizer }[name]!);
    for (const [name, value] of Object.entries(expected.params)) expect(stage.get(name)).toEqual(value);
  });
});
