import { describe, expect, it } from "vitest";
import { checkPrograms, records } from "./check-programs.js";
import { differences, type RecordedProgram } from "./compare.js";

const run = checkPrograms("local[2]");

describe("the comparison sees what is wrong", () => {
  const corruptions: readonly (readonly [id: string, corrupt: (record: RecordedProgram) => RecordedProgram])[] = [
    ["layout-001", (record) => ({ ...record, result: [...(record.result as number[]).slice(1), 1] })],
    [
      "layout-002",
      (record) => ({
        ...record,
        partitions: [
          [1, 2, 3],
          [4, 5],
          [6, 7],
          [8, 9, 10],
        ],
      }),
    ],
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
