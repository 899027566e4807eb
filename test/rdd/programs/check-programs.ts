import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { SparkSession } from "../../../src/index.js";
import { accumulatorPrograms, broadcastPrograms, jobPrograms } from "./shared.js";
import { actionPrograms } from "./action.js";
import { differences, type RecordedProgram, type Run } from "./compare.js";
import { filePrograms } from "./file.js";
import { framePrograms } from "./frame.js";
import { layoutPrograms } from "./layout.js";
import { pairPrograms } from "./pair.js";
import { type ProgramEnv, type ProgramTable, removeDirectories } from "./program.js";
import { rddPrograms } from "./rdd.js";
import { samplePrograms } from "./sample.js";
import { storagePrograms } from "./storage.js";

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
  ...framePrograms,
};
/** Records whose programs come with the issue on streaming. */
const WAITING = /^dstream-/;

export const records: RecordedProgram[] = readFileSync(new URL("../../golden/rdd/rdd.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as RecordedProgram);
const recorded = records.filter(({ id }) => !WAITING.test(id));

/** Declares a test for every record, on the given master; returns what runs a program there. */
export function checkPrograms(master: string): (id: string) => Promise<Run> {
  const spark = SparkSession.builder
    .master(master)
    .appName("programs")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.ui.showConsoleProgress", false)
    .create();
  const env: ProgramEnv = { spark, sc: spark.sparkContext };
  afterAll(async () => {
    await spark.stop();
    removeDirectories();
  });
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
  return run;
}
