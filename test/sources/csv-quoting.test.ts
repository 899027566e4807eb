import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { i32Column, utf8Column } from "../../src/columnar/index.js";
import { csvFormat } from "../../src/sources/index.js";
import { parseDDL } from "../../src/sql/types/index.js";
import { folder, lowerCase } from "./recorded.js";

const { values, cases } = JSON.parse(readFileSync(join(folder, "csv-quoting.json"), "utf8")) as {
  values: readonly string[];
  cases: readonly { options: Readonly<Record<string, string>>; text: string }[];
};

let directory = "";
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "kindling-"))));
afterAll(() => rm(directory, { recursive: true }));

describe("awkward strings as Spark writes them", () => {
  for (const [k, { options: given, text }] of cases.entries()) {
    test(JSON.stringify(given), async () => {
      const path = join(directory, `${k}.csv`);
      const options = lowerCase(given);
      const writer = await csvFormat.openWriter({
        schema: parseDDL("s STRING, i INT"),
        options,
        path,
        timeZone: "UTC",
      });
      const columns = [utf8Column(values), i32Column(new Int32Array(values.length).fill(1))];
      await writer.write({ numRows: values.length, columns });
      await writer.close();
      expect(await readFile(path, "utf8")).toBe(text);
    });
  }
});
