import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesAt, folder, formatNamed, readAll } from "./recorded.js";

interface Case {
  readonly options: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly rows: readonly (readonly (readonly (string | null)[])[])[];
}
const recorded = JSON.parse(readFileSync(join(folder, "csv-tokens.json"), "utf8")) as {
  schema: string;
  multiLine: Case[];
};

let directory = "";
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "kindling-"))));
afterAll(() => rm(directory, { recursive: true }));

describe("files of random text with line endings in values, as Spark reads them", () => {
  for (const { options, files, rows } of recorded.multiLine) {
    test(JSON.stringify(options), async () => {
      const wrong: unknown[] = [];
      const path = join(directory, "one.csv");
      for (const [i, text] of files.entries()) {
        await writeFile(path, text);
        const got = (await readAll(formatNamed("csv"), filesAt(path), options, recorded.schema)).rows;
        if (JSON.stringify(got) !== JSON.stringify(rows[i])) wrong.push({ text, expected: rows[i], got });
      }
      expect(wrong).toEqual([]);
    });
  }
});
