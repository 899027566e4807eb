import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseType, type DataType, DoubleType, FloatType, StringType } from "../../src/sql/types/index.js";
import { filesAt, folder, formatNamed, lowerCase, readAll } from "./recorded.js";

interface Recorded {
  readonly lines: readonly string[];
  readonly reads: Readonly<Record<string, readonly (readonly unknown[])[]>>;
  readonly pairValues: readonly string[];
  readonly pairs: readonly { options: Readonly<Record<string, string>>; types: Readonly<Record<string, string>> }[];
}
const recorded = JSON.parse(readFileSync(join(folder, "json-records.json"), "utf8")) as Recorded;
const json = formatNamed("json");

let directory = "";
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "kindling-"))));
afterAll(() => rm(directory, { recursive: true }));

/** Values in one form for both sides: numbers as text, timestamps as Python prints them. */
function plain(value: unknown, type?: DataType): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return value;
  if (type instanceof DoubleType || type instanceof FloatType) {
    return String(Number(value.replace("inf", "Infinity").replace("nan", "NaN")));
  }
  return type instanceof StringType
    ? value
    : value.replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ").replace(/(:\d\d(?:\.\d+)?)Z$/, "$1");
}

describe("odd records as Spark reads them", () => {
  for (const [type, rows] of Object.entries(recorded.reads)) {
    test(type, async () => {
      const path = join(directory, "in.json");
      await writeFile(path, `${recorded.lines.join("\n")}\n`);
      const schema = `a ${type}, _corrupt_record STRING`;
      const answer = await readAll(json, filesAt(path), {}, schema);
      const form = parseType(type);
      const got = answer.rows.map(([a, corrupt]) => [plain(a, form), corrupt]);
      expect(got).toEqual(rows.map(([a, corrupt]) => [plain(a, form), corrupt]));
    });
  }
});

describe("types of columns with two values", () => {
  for (const { options, types } of recorded.pairs) {
    test(JSON.stringify(options), async () => {
      const path = join(directory, "pairs.json");
      const values = recorded.pairValues;
      const name = (i: number, j: number): string => `"c${String(i).padStart(2, "0")}_${String(j).padStart(2, "0")}"`;
      const first = values.map((x, i) => `{${values.map((_, j) => `${name(i, j)}:${x}`).join(",")}}`);
      const second = values.map((y, j) => `{${values.map((_, i) => `${name(i, j)}:${y}`).join(",")}}`);
      await writeFile(path, [...first, ...second].join("\n"));
      const schema = await json.inferSchema(filesAt(path), lowerCase(options), "UTC");
      expect(Object.fromEntries(schema.fields.map((f) => [f.name, f.dataType.simpleString()]))).toEqual(types);
    });
  }
});
