import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TypeInference } from "../../src/sources/csv/csv-infer.js";
import { csvOptions } from "../../src/sources/csv/csv-options.js";
import { dateTimeParsers } from "../../src/sources/shared/datetime-parsers.js";
import { nullType, stringType, NullType } from "../../src/sql/types/index.js";
import { filesAt, folder, formatNamed, lowerCase, readAll } from "./recorded.js";

interface Values {
  readonly values: readonly string[];
  readonly cases: readonly {
    readonly options: Readonly<Record<string, string>>;
    readonly inferred: readonly string[];
    readonly read: Readonly<Record<string, readonly unknown[]>>;
  }[];
  readonly pairs: readonly (readonly [string, string, string])[];
}
const { values, cases, pairs } = JSON.parse(readFileSync(join(folder, "csv-values.json"), "utf8")) as Values;

/** Integers in other scripts' digits, which Java reads; and times of the day, which mean today. */
const skipped = (value: string): boolean => /\p{Nd}/u.test(value.replace(/[0-9]/g, "")) || /^T?\d+:/.test(value);

let path = "";
let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kindling-"));
  path = join(directory, "one.csv");
  const quoted = values.map((value) => `"${value}"`).join(",");
  await writeFile(path, `${values.map((_, i) => `c${i}`).join(",")}\n${quoted}\n`);
});
afterAll(() => rm(directory, { recursive: true }));

/** As the recording writes Python's values. */
function recorded(value: unknown, type: string): unknown {
  if (value === null) return null;
  if (type === "FLOAT" || type === "DOUBLE") return Number(typeof value === "string" ? javaNumber(value) : value);
  // The recording's JSON numbers are doubles.
  if (type === "BIGINT") return Number(value);
  if (type === "BINARY") return String(value).toLowerCase();
  return typeof value === "string" ? value.replace("T", " ").replace("Z", "") : value;
}
const javaNumber = (text: string): number => ({ nan: NaN, inf: Infinity, "-inf": -Infinity })[text] ?? Number(text);

describe("single values as Spark reads them", () => {
  for (const { options, inferred, read } of cases) {
    const settings = lowerCase(options);
    test(`inferred ${JSON.stringify(options)}`, () => {
      const parsed = csvOptions({ ...settings, inferschema: "true" });
      const inference = new TypeInference(parsed, dateTimeParsers(parsed, "UTC"));
      const got = values.map((value) => {
        const type = inference.next(nullType, value);
        return [value, (type instanceof NullType ? stringType : type).simpleString()];
      });
      const expected = values.map((value, i) => [value, inferred[i]]);
      expect(got.filter(([v]) => !skipped(v))).toEqual(expected.filter(([v]) => !skipped(v)));
    });
    for (const [type, results] of Object.entries(read)) {
      test(`read as ${type} ${JSON.stringify(options)}`, async () => {
        const schema = values.map((_, i) => `c${i} ${type}`).join(", ");
        const { rows } = await readAll(formatNamed("csv"), filesAt(path), { ...settings, header: "true" }, schema);
        const got = values.map((value, i) => [value, recorded(rows[0][i], type)]);
        const expected = values.map((value, i) => [value, recorded(results[i], type)]);
        expect(got.filter(([v]) => !skipped(v as string))).toEqual(expected.filter(([v]) => !skipped(v as string)));
      });
    }
  }

  test("columns with two values", () => {
    const parsed = csvOptions({ inferschema: "true" });
    const inference = new TypeInference(parsed, dateTimeParsers(parsed, "UTC"));
    const got = pairs.map(([a, b]) => {
      const type = inference.next(inference.next(nullType, a), b);
      return [a, b, (type instanceof NullType ? stringType : type).simpleString()];
    });
    expect(got).toEqual(pairs);
  });
});
