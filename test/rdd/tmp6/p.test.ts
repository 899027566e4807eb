import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { SparkContext, SparkConf } from "../../../src/index.js";
import { accumulatorPrograms, broadcastPrograms, jobPrograms } from "../programs/shared.js";
import { actionPrograms } from "../programs/action.js";
import { differences, type RecordedProgram, type Run } from "../programs/compare.js";
import { filePrograms } from "../programs/file.js";
import { layoutPrograms } from "../programs/layout.js";
import { pairPrograms } from "../programs/pair.js";
import type { ProgramEnv, ProgramTable } from "../programs/program.js";
import { rddPrograms } from "../programs/rdd.js";
import { samplePrograms } from "../programs/sample.js";
import { storagePrograms } from "../programs/storage.js";

const programs: ProgramTable = {
  ...layoutPrograms,
  ...rddPrograms,
  ...pairPrograms,
  ...actionPrograms,
  ...samplePrograms,
  ...storagePrograms,
  ...accumulatorPrograms,
  ...broadcastPrograms,
  ...jobPrograms,
  ...filePrograms,
};
/** Records whose programs come with the issue on streaming. */
const WAITING = /^(dstream|frame)-/;

const records: RecordedProgram[] = readFileSync(new URL("../../golden/rdd/rdd.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as RecordedProgram);
const recorded = records.filter(({ id }) => !WAITING.test(id));

/** Threads by default; `KINDLING_TEST_MASTER=local-cluster[2,1,512]` runs the same programs on executor processes. */
const master = process.env.KINDLING_TEST_MASTER ?? "local[2]";
const sc = new SparkContext(new SparkConf().setMaster(master).setAppName("p"));
const env = { sc, spark: undefined as never };
afterAll(() => sc.stop());

const run = (id: string): Promise<Run> =>
  Promise.resolve()
    .then(() => programs[id](env))
    .catch((thrown: unknown) => ({ thrown }));

describe(`programs recorded from Spark, on ${master}`, () => {
  it("every record has a program, every program a record", () => {
    const ids = new Set(recorded.map(({ id }) => id));
    expect(recorded.filter(({ id }) => !(id in programs)).map(({ id }) => id)).toEqual([]);
    expect(Object.keys(programs).filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each(recorded.filter(({ id }) => id in programs).map((record) => [record.id, record] as const))(
    "%s",
    async (id, record) => {
      expect(differences(record, await run(id)), record.program).toEqual([]);
    },
  );
});

describe("the comparison sees what is wrong", () => {
  const corruptions: readonly (readonly [id: string, corrupt: (record: RecordedProgram) => RecordedProgram])[] = [
    ["layout-001", (record) => ({ ...record, result: [...(record.result as number[]).slice(1), 1] })],
    ["layout-002", (record) => ({ ...record, partitions: [[1, 2, 3], [4, 5], [6, 7], [8, 9, 10]] })],
    ["rdd-041", (record) => ({ ...record, partitions: [[1, 2], [3]] })],
    ["action-112", (record) => ({ ...record, result: [55, 10, 3628801] })],
    ["layout-025", (record) => ({ ...record, error: "SparkException" })],
    ["layout-026", (record) => ({ ...record, condition: null })],
    ["rdd-054", (record) => ({ ...record, causes: [] })],
    ["layout-011", ({ id, program }) => ({ id, program, result: [] })],
    ["action-114", ({ id, program }) => ({ id, program, error: "SparkException", condition: null, causes: [] })],
  ];
  it.each(corruptions)("%s, corrupted, fails", async (id, corrupt) => {
    const record = records.find((candidate) => candidate.id === id)!;
    const outcome = await run(id);
    expect(differences(record, outcome)).toEqual([]);
    expect(differences(corrupt(record), outcome)).not.toEqual([]);
  });
});
