import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { F, SparkSession, type DataFrame } from "../../../src/index.js";

const local = mkdtempSync(join(tmpdir(), "kindling-small-"));
afterAll(() => rmSync(local, { recursive: true, force: true }));

const ROWS = 8_000;

/** Bytes of the files below a directory; those that go away meanwhile do not count. */
const bytesBelow = (directory: string): number =>
  readdirSync(directory, { recursive: true, encoding: "utf8" }).reduce(
    (n, path) => n + (statSync(join(directory, path), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

/** About 12 MB of rows in two partitions. */
const table = (spark: SparkSession): DataFrame =>
  spark
    .range(0, ROWS, 1, 2)
    .select(
      "id",
      F.col("id").multiply(48_271).mod(6_007).as("key"),
      F.lpad(F.col("id").multiply(7).mod(1000).cast("string"), 1500, "text ").as("text"),
    );

const queries: Readonly<Record<string, (t: DataFrame) => DataFrame>> = {
  sort: (t) => t.orderBy(F.desc("text"), "key"),
  "sort within partitions": (t) => t.sortWithinPartitions("key", F.desc("id")),
  "group by": (t) => t.groupBy("key").agg(F.count("*").as("n"), F.max("text").as("t"), F.sum("id").as("s")),
  "distinct counts": (t) => t.groupBy(F.col("key").mod(3_000).as("k")).agg(F.countDistinct("text").as("n")),
  join: (t) => t.join(t.select(F.col("key").plus(3_000).as("key"), F.col("text").as("other")), ["key"], "left"),
  "full join": (t) => {
    const other = t.select(F.col("key").plus(5_000).as("k2"), F.col("text").as("other"));
    return t.join(other, F.col("key").eqNullSafe(F.col("k2")), "full");
  },
  repartition: (t) => t.repartition(5),
  "repartition by range": (t) => t.repartitionByRange(5, "key"),
  distinct: (t) => t.select("text", F.col("key").mod(2_000).as("k")).distinct(),
};

/** The text itself would be memory that the session does not expect in its process. */
const digest = (text: string): string => createHash("sha1").update(text).digest("base64").slice(0, 12);

/** Digests of the rows: in order where the query orders them, else sorted. */
async function resultsOf(spark: SparkSession): Promise<Record<string, unknown>> {
  const results: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(queries)) {
    const rows: string[] = [];
    const df = query(table(spark));
    for await (const row of df.withColumn("p", F.sparkPartitionId()).toLocalIterator()) {
      const { p, ...rest } = row.asDict();
      rows.push(digest(JSON.stringify(name.includes("part") ? [p, rest] : rest)));
    }
    results[name] = name.startsWith("sort") || name === "repartition" ? rows : rows.sort();
  }
  return results;
}

const session = (memory: string | undefined): SparkSession => {
  const builder = SparkSession.builder
    .master("local[2]")
    .config("spark.ui.showConsoleProgress", false)
    .config("spark.sql.autoBroadcastJoinThreshold", -1)
    .config("spark.sql.shuffle.partitions", 20)
    .config("spark.local.dir", local);
  return (
    memory === undefined
      ? builder
      : builder.config("spark.executor.memory", memory).config("spark.testing.reservedMemory", 0)
  ).create();
};

it("gives in 6 MB what it gives with memory to spare, and leaves no file", async () => {
  const plenty = session(undefined);
  const expected = await resultsOf(plenty);
  await plenty.stop();
  const small = session("10m");
  let largest = 0;
  const watch = setInterval(() => (largest = Math.max(largest, bytesBelow(local))), 50);
  const found = await resultsOf(small).finally(() => clearInterval(watch));
  for (const name of Object.keys(queries)) {
    const [a, b] = [found[name] as string[], expected[name] as string[]];
    expect(a.length, name).toBe(b.length);
    const differs = a.findIndex((row, i) => row !== b[i]);
    expect(differs, name).toBe(-1);
  }
  await small.stop();
  expect(readdirSync(local)).toEqual([]);
  expect(largest).toBeGreaterThan(5e6);
}, 240_000);
