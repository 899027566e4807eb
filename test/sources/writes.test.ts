import { mkdtemp, readFile, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnBuilder, type Batch } from "../../src/columnar/index.js";
import { parseDate, parseTimestamp, timeZone } from "../../src/common/index.js";
import { layoutOf, parseDDL, type StructType } from "../../src/sql/types/index.js";
import { filesAt, folder, formatNamed, lowerCase, readAll } from "./recorded.js";

interface RecordedWrite {
  readonly id: string;
  readonly format: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly error?: string;
  readonly files?: readonly { readonly name: string; readonly text?: string; readonly hex?: string }[];
}
const writes = new Map(
  readFileSync(join(folder, "writes.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordedWrite)
    .map((write) => [write.id, write]),
);

const date = (text: string): number => parseDate(text)!;
const moment = (text: string): bigint => parseTimestamp(text, timeZone("UTC"))!;
const leap = date("2024-02-29");
const morning = moment("2024-02-29 10:11:12.5");

/** The frames of the recordings, by the writes that use them. */
const frames: readonly { ids: readonly string[]; ddl: string; rows: readonly (readonly unknown[])[] }[] = [
  {
    ids: ["write-047"],
    ddl: "i INT, s STRING, d DOUBLE, b BOOLEAN, dt DATE, ts TIMESTAMP",
    rows: [
      [1, "a,b", 1.5, true, leap, morning],
      [2, 'q"r', null, null, null, null],
      [3, "", NaN, false, date("1969-12-31"), moment("1969-12-31 23:59:59")],
      [4, null, -0, true, null, null],
      [5, " pad ", 1e20, true, null, null],
      [6, "l1\nl2", 1e-7, true, null, null],
      [7, "back\\slash", 100, true, null, null],
    ],
  },
  {
    ids: Array.from({ length: 15 }, (_, k) => `write-0${48 + k}`).filter((id) => id !== "write-059"),
    ddl: "i INT, s STRING, dt DATE, ts TIMESTAMP",
    rows: [
      [1, "a,b", leap, morning],
      [2, 'q"r', null, null],
      [3, "", null, null],
      [4, null, null, null],
      [5, " pad ", null, null],
      [6, "it's", null, null],
    ],
  },
  { ids: ["write-064"], ddl: "id BIGINT", rows: [] },
  {
    ids: ["write-065"],
    ddl: "i INT, s STRING, d DOUBLE, n DECIMAL(3,2), b BOOLEAN, dt DATE, ts TIMESTAMP, ar ARRAY<INT>, mp MAP<STRING,STRING>, st STRUCT<a: STRING, b: STRING>, bi BINARY",
    rows: [
      [1, 'é"\n', 1.5, 150n, true, leap, morning, [1, null], [["k", null]], [null, "x"], new Uint8Array([0, 255])],
      [2, null, NaN, null, null, null, null, null, null, null, null],
    ],
  },
  {
    ids: Array.from({ length: 7 }, (_, k) => `write-0${66 + k}`),
    ddl: "i INT, s STRING, dt DATE, ts TIMESTAMP",
    rows: [
      [1, "é", leap, moment("2024-02-29 10:11:12")],
      [2, null, null, null],
    ],
  },
  { ids: ["write-073"], ddl: "v STRING", rows: [["a"], [null], [""], ["é\nx"]] },
  { ids: ["write-077"], ddl: "v STRING", rows: [["a"], ["b"]] },
];

function batchOf(schema: StructType, rows: readonly (readonly unknown[])[]): Batch {
  const builders = schema.fields.map((field) => columnBuilder(layoutOf(field.dataType), rows.length));
  for (const row of rows) builders.forEach((builder, k) => builder.append(row[k]));
  return { numRows: rows.length, columns: builders.map((builder) => builder.finish()) };
}

let directory = "";
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "kindling-"))));
afterAll(() => rm(directory, { recursive: true }));

async function write(
  format: string,
  id: string,
  options: Record<string, string>,
  ddl: string,
  rows: readonly (readonly unknown[])[],
) {
  const schema = parseDDL(ddl);
  const target = formatNamed(format);
  target.validate?.(schema, options, true);
  const path = join(directory, `${id}${target.extension(options)}`);
  const writer = await target.openWriter({ schema, options, path, timeZone: "UTC" });
  await writer.write(batchOf(schema, rows));
  await writer.close();
  return path;
}

const unpack = (path: string, bytes: Buffer): Buffer =>
  path.endsWith(".gz") ? gunzipSync(bytes) : path.endsWith(".deflate") ? inflateSync(bytes) : bytes;

describe("files as Spark writes them", () => {
  for (const { ids, ddl, rows } of frames) {
    for (const id of ids) {
      const recorded = writes.get(id)!;
      const options = lowerCase(recorded.options ?? {});
      test(`${id} ${recorded.format} ${JSON.stringify(options)}`, async () => {
        if (recorded.error) {
          await expect(write(recorded.format, id, options, ddl, rows)).rejects.toMatchObject({
            condition: recorded.error,
          });
          return;
        }
        const path = await write(recorded.format, id, options, ddl, rows);
        const { name, text, hex } = recorded.files![0];
        expect(path.slice(path.indexOf("."))).toContain(name.slice(name.indexOf(".")));
        const bytes = unpack(path, await readFile(path));
        if (hex) expect(bytes.toString("hex").toUpperCase()).toBe(hex);
        else expect(bytes.toString("utf8")).toBe(text);
      });
    }
  }

  test.each([
    ["csv", "a ARRAY<INT>"],
    ["text", "v INT"],
  ])("%s refuses %s", (format, ddl) =>
    expect(() => formatNamed(format).validate!(parseDDL(ddl), {}, true)).toThrow(
      "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
    ),
  );
});

describe("a big file read in parts", () => {
  const rows = Array.from({ length: 5000 }, (_, i) => [i, i % 7 === 0 ? null : `name ${i}`, i / 8]);
  const ddl = "i INT, s STRING, d DOUBLE";

  test.each([
    ["csv", { header: "true" }],
    ["json", {}],
    ["parquet", { "parquet.block.size": "20000" }],
  ])("%s", async (format, options) => {
    const path = await write(format, `parts-${format}`, options, ddl, rows);
    const whole = (await readAll(formatNamed(format), filesAt(path), options, ddl)).rows;
    expect(whole).toEqual(rows);
    for (const maxBytes of [977, 20_011, 65_536]) {
      const parts = await readAll(formatNamed(format), filesAt(path), options, ddl, maxBytes);
      expect(parts.rows).toEqual(rows);
    }
  });
});
