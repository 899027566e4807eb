import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { F, type DataFrame } from "../../../src/index.js";
import { testSession } from "../session.js";

const spark = testSession();
const root = mkdtempSync(join(tmpdir(), "kindling-write-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const df = spark.createDataFrame(
  [
    [1, "a", 1.5],
    [2, "b c", null],
    [3, null, Number.NaN],
    [4, "a", -0.5],
  ],
  "id INT, s STRING, x DOUBLE",
  3,
);
const rows = async (frame: DataFrame): Promise<unknown[]> =>
  (await frame.orderBy("id").collect()).map((r) => r.toArray());
const fileNames = (path: string): string[] => readdirSync(path, { recursive: true }).map(String).sort();
const uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

describe("writing", () => {
  it.each(["parquet", "json", "csv"])("%s comes back as it was", async (format) => {
    const path = join(root, `back-${format}`);
    await df.write.format(format).option("header", true).save(path);
    const reader = spark.read.format(format).option("header", true).schema("id INT, s STRING, x DOUBLE");
    expect(await rows(reader.load(path))).toEqual(await rows(df));
  });

  it("names files as Spark does, one a partition, and marks success", async () => {
    const path = join(root, "names");
    await df.write.parquet(path);
    const names = fileNames(path);
    expect(names[0]).toBe("_SUCCESS");
    expect(names.length).toBe(4);
    names
      .slice(1)
      .forEach((name, i) => expect(name).toMatch(new RegExp(`^part-0000${i}-${uuid}-c000\\.snappy\\.parquet$`)));
  });

  it("partitionBy makes a directory for each value, escaped, and reading finds them again", async () => {
    const path = join(root, "partitioned");
    await df
      .withColumn("p", F.when(F.col("id").eq(1), "a/b=c").when(F.col("id").eq(2), null).otherwise("plain"))
      .write.partitionBy("p")
      .parquet(path);
    const directories = [
      ...new Set(
        fileNames(path)
          .filter((n) => n.includes("/"))
          .map((n) => n.split("/")[0]),
      ),
    ];
    expect(directories.sort()).toEqual(["p=__HIVE_DEFAULT_PARTITION__", "p=a%2Fb%3Dc", "p=plain"]);
    const back = spark.read.parquet(path);
    expect(await back.columns()).toEqual(["id", "s", "x", "p"]);
    expect((await back.orderBy("id").collect()).map((r) => r.get("p"))).toEqual(["a/b=c", null, "plain", "plain"]);
    expect(await back.filter("p = 'plain'").count()).toBe(2);
  });

  it("partition columns get Spark's inferred types", async () => {
    const path = join(root, "typed");
    await df
      .withColumn("year", F.lit(2024))
      .withColumn("day", F.lit("2024-02-29"))
      .write.partitionBy("year", "day")
      .json(path);
    const schema = await spark.read.json(path).schema();
    expect([schema.field("year").dataType.simpleString(), schema.field("day").dataType.simpleString()]).toEqual([
      "int",
      "date",
    ]);
  });

  it("save modes", async () => {
    const path = join(root, "modes");
    await df.write.parquet(path);
    await expect(df.write.parquet(path)).rejects.toMatchObject({ condition: "PATH_ALREADY_EXISTS" });
    await df.limit(1).write.mode("ignore").parquet(path);
    expect(await spark.read.parquet(path).count()).toBe(4);
    await df.write.mode("append").parquet(path);
    expect(await spark.read.parquet(path).count()).toBe(8);
    await df.limit(1).write.mode("overwrite").parquet(path);
    expect(await spark.read.parquet(path).count()).toBe(1);
    await expect(spark.read.parquet(path).write.mode("overwrite").parquet(path)).rejects.toMatchObject({
      condition: "UNSUPPORTED_OVERWRITE.PATH",
    });
  });

  it("a job that fails leaves nothing behind, and what was there intact", async () => {
    const path = join(root, "failed");
    const bad = spark.range(0, 100, 1, 4).select(F.lit(1).divide(F.col("id").minus(90)).as("q"));
    await expect(bad.write.parquet(path)).rejects.toMatchObject({ condition: "DIVIDE_BY_ZERO" });
    expect(existsSync(path)).toBe(false);
    await df.write.parquet(path);
    await expect(bad.write.mode("overwrite").parquet(path)).rejects.toMatchObject({ condition: "DIVIDE_BY_ZERO" });
    await expect(bad.write.mode("append").parquet(path)).rejects.toMatchObject({ condition: "DIVIDE_BY_ZERO" });
    expect(await spark.read.parquet(path).count()).toBe(4);
    expect(readdirSync(root).filter((name) => name.includes("failed"))).toEqual(["failed"]);
    expect(fileNames(path).filter((name) => name.startsWith("_"))).toEqual(["_SUCCESS"]);
  });

  it("a frame without rows leaves its schema behind", async () => {
    const path = join(root, "empty");
    await df.filter("id < 0").write.parquet(path);
    expect(await spark.read.parquet(path).columns()).toEqual(["id", "s", "x"]);
    expect(await spark.read.parquet(path).count()).toBe(0);
  });

  it("two columns of one name are refused", async () => {
    await expect(df.select("id", F.col("s").as("ID")).write.parquet(join(root, "twice"))).rejects.toMatchObject({
      condition: "COLUMN_ALREADY_EXISTS",
    });
  });
});
