import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allStages, Estimator, Evaluator, Model, SparkSession, Transformer, type Params } from "../../src/index.js";
import { brokenStages } from "./broken-stages.js";
import { checks } from "./checks.js";
import type { Subject } from "./subject.js";

/** Classes that cannot stand alone, and why. */
const exempt: Readonly<Record<string, string>> = {
  Pipeline: "its contract is that of its stages; the golden cases run whole pipelines",
  PipelineModel: "made by Pipeline",
  UnaryTransformer: "abstract: its subclasses are the stages",
};

const instantiable = allStages().filter(({ stageClass, javaClass }) => {
  const { prototype } = stageClass as { prototype: unknown };
  const kinds = [Estimator, Transformer, Evaluator] as readonly (abstract new (...args: never[]) => Params)[];
  return (
    !javaClass.startsWith("test.") && kinds.some((kind) => prototype instanceof kind) && !(prototype instanceof Model)
  );
});

let spark: SparkSession;
beforeAll(async () => {
  spark = await SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", "2").getOrCreate();
});
afterAll(async () => {
  await spark?.stop();
});

test("every estimator, transformer and evaluator declares data to be tested on", () => {
  const silent = instantiable.filter((d) => !d.testCases?.length && !(d.simpleName in exempt)).map((d) => d.simpleName);
  expect(silent).toEqual([]);
});

test("an exemption ends when the class declares test cases", () => {
  expect(instantiable.filter((d) => d.testCases?.length && d.simpleName in exempt).map((d) => d.simpleName)).toEqual(
    [],
  );
});

for (const descriptor of instantiable) {
  (descriptor.testCases ?? []).forEach((testCase, i) => {
    describe(`${descriptor.simpleName} on test case ${i + 1}`, () => {
      const StageClass = descriptor.stageClass as unknown as new (params: object) => Params;
      const create = (): Params => new StageClass(testCase.params ?? {});
      test.each(checks)("$name", async (check) => {
        const subject: Subject = { name: descriptor.simpleName, spark, create, testCase };
        expect(await check.problems(subject)).toEqual([]);
      });
    });
  });
}

describe("each check fails what breaks its rule", () => {
  const schema = "x double";
  const rows = [[0], [0.5], [0.7], [2], [3], [-3], [4.5]];
  test.each(brokenStages)("$check.name: $what", async (broken) => {
    const testCase = { schema: broken.schema ?? schema, rows: broken.rows ?? rows };
    const subject: Subject = { name: "Binarizer", spark, create: () => broken.create(), testCase };
    expect(await broken.check.problems(subject)).not.toEqual([]);
  });
});
