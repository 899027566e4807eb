import { fileURLToPath } from "node:url";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { discover } from "./runner/discover.js";
import { describeOutcome } from "./runner/report.js";
import { GoldenRunner } from "./runner/run.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const found = discover([here("ml"), here("models")]);
const files = [...new Set(found.map(({ file }) => file))];

let runner: GoldenRunner;
beforeAll(async () => {
  runner = await GoldenRunner.start({ datasets: [here("../../datasets")] });
});
afterAll(async () => {
  await runner?.stop();
});

test("finds the recorded cases", () => {
  expect(found.filter(({ kind }) => kind === "case").length).toBeGreaterThan(700);
  expect(found.filter(({ kind }) => kind === "saved").length).toBeGreaterThan(60);
});

describe("what Spark answered", () => {
  test.each(files.map((file) => [basename(file), file]))(
    "%s",
    async (_, file) => {
      const failures: string[] = [];
      for (const entry of found.filter((candidate) => candidate.file === file)) {
        const outcome = await runner.run(entry);
        if (outcome.status === "failed") failures.push(describeOutcome(outcome));
      }
      expect(failures.join("\n")).toBe("");
    },
    300_000,
  );
});
