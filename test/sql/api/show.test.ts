import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { showText } from "../../../src/sql/api/show.js";
import { testSession } from "../session.js";

/** What Spark 4.3 printed for `d3` of `record-column-names.py`, one table after the other. */
const recorded = readFileSync(new URL("show-tables.txt", import.meta.url), "utf8");
const spark = testSession();

it("prints Spark's tables", async () => {
  const df = spark.createDataFrame(
    [
      [
        1,
        [1, null],
        new Map([["k", 1]]),
        [1, null],
        new Date("2020-01-01"),
        new Date("2020-01-01T01:02:03.120Z"),
        new Uint8Array([97, 98]),
        null,
        Number.NaN,
        "한글テスト",
        "a\nb\tc",
        "x".repeat(30),
        1e20,
        1e-5,
      ],
    ],
    "i INT, a ARRAY<INT>, m MAP<STRING,INT>, st STRUCT<x:INT,y:STRING>, d DATE, ts TIMESTAMP, bin BINARY, n STRING, f FLOAT, u STRING, nl STRING, lg STRING, e DOUBLE, e2 DOUBLE",
    1,
  );
  const tables = [
    await showText(df, 20, true, false),
    await showText(df, 20, false, false),
    await showText(df, 20, 5, false),
    await showText(df, 20, true, true),
    await showText(df, 20, 3, true),
  ];
  expect(tables.map((table) => `${table}\n`).join("")).toBe(recorded);
});

it("says when there is more", async () => {
  expect(await showText(spark.range(30), 3, true, false)).toMatch(/\| {2}2\|\n\+---\+\nonly showing top 3 rows$/);
  expect(await showText(spark.range(30), 1, true, false)).toMatch(/only showing top 1 row$/);
  expect(await showText(spark.range(0), 20, true, false)).toBe("+---+\n| id|\n+---+\n+---+\n");
  expect(await showText(spark.range(30).select(), 0, true, false)).toMatch(/^\+\+\n\|\|\n\+\+\n\+\+\n/);
});
