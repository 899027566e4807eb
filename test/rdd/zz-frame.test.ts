import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { SparkSession } from "../../src/index.js";
import { differences, type RecordedProgram, type Run } from "./programs/compare.js";
import { framePrograms } from "./programs/frame.js";
const records = readFileSync("/work/shared/spark/rdd.jsonl", "utf8")
  .trim()
  .split("\n")
  .map((l) => JSON.parse(l) as RecordedProgram)
  .filter((r) => r.id.startsWith("frame-"));
const spark = SparkSession.builder.master("local[2]").config("spark.sql.session.timeZone", "UTC").create();
afterAll(() => spark.stop());
it("all", () => expect(records.filter((r) => !framePrograms[r.id])).toEqual([]));
it.each(records.map((r) => [r.id, r] as const))("%s", async (_, record) => {
  const run: Run = await framePrograms[record.id]({ spark, sc: undefined as never }).catch((thrown: unknown) => ({
    thrown,
  }));
  expect(differences(record, run)).toEqual([]);
});
