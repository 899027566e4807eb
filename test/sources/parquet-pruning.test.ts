import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnBuilder } from "../../src/columnar/index.js";
import { parquetFormat } from "../../src/sources/index.js";
import type { PushedFilter } from "../../src/sql/source/index.js";
import { layoutOf, parseDDL, StructType } from "../../src/sql/types/index.js";
import { filesAt } from "./recorded.js";

const schema = parseDDL("i INT, l BIGINT, d DOUBLE, s STRING, n INT");
const GROUP_ROWS = 1000;
const GROUPS = 5;
let path = "";
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kindling-"));
  path = join(directory, "groups.parquet");
  const options = { "parquet.block.size": "1" };
  const writer = await parquetFormat.openWriter({ schema, options, path, timeZone: "UTC" });
  for (let g = 0; g < GROUPS; g++) {
    const builders = schema.fields.map((field) => columnBuilder(layoutOf(field.dataType), GROUP_ROWS));
    for (let r = 0; r < GROUP_ROWS; r++) {
      const i = g * GROUP_ROWS + r;
      const row = [i, BigInt(i), g === 2 && r === 0 ? NaN : i / 2, `k${g}`, g === 1 ? null : i];
      builders.forEach((builder, k) => builder.append(row[k]));
    }
    await writer.write({ numRows: GROUP_ROWS, columns: builders.map((builder) => builder.finish()) });
  }
  await writer.close();
});
afterAll(() => rm(directory, { recursive: true }));

async function groupsRead(filters: readonly PushedFilter[], columns = schema): Promise<number> {
  const splits = await parquetFormat.splits(filesAt(path), {}, 1 << 30);
  let rows = 0;
  const request = { splits, schema, columns, filters, options: {}, batchRows: GROUP_ROWS, timeZone: "UTC" };
  for await (const batch of parquetFormat.read(request)) rows += batch.numRows;
  return rows / GROUP_ROWS;
}

describe("row groups that statistics exclude are not read", () => {
  test.each<[PushedFilter["op"], string, unknown[], number]>([
    ["=", "i", [1500], 1],
    ["=", "i", [99_999], 0],
    ["<", "i", [1000], 1],
    ["<=", "i", [1000], 2],
    [">", "i", [3999], 1],
    [">=", "l", [4000n], 1],
    ["in", "l", [1n, 4999n], 2],
    ["=", "s", ["k3"], 1],
    ["<", "s", ["k1"], 1],
    // A NaN is larger than any number: its group has no statistics and is read, the others are never skipped upwards.
    [">", "d", [1e9], 5],
    ["=", "d", [0], 2],
    ["isnull", "n", [], 1],
    ["isnotnull", "n", [], 4],
    ["=", "n", [1500], 0],
    ["<=>", "n", [null], 1],
  ])("%s %s %o reads %i", async (op, column, values, expected) => {
    expect(await groupsRead([{ op, column, values }])).toBe(expected);
  });

  test("without columns only rows are counted", async () =>
    expect(await groupsRead([], new StructType())).toBe(GROUPS));

  test("every group is read by exactly one split", async () => {
    for (const bytes of [100, 5000, 50_000]) {
      const splits = await parquetFormat.splits(filesAt(path), {}, bytes);
      let rows = 0;
      for (const split of splits) {
        const request = {
          splits: [split],
          schema,
          columns: schema,
          filters: [],
          options: {},
          batchRows: 333,
          timeZone: "UTC",
        };
        for await (const batch of parquetFormat.read(request)) rows += batch.numRows;
      }
      expect(rows).toBe(GROUPS * GROUP_ROWS);
    }
  });
});
