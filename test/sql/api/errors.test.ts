import { describe, expect, it } from "vitest";
import { F, type DataFrame } from "../../../src/index.js";
import { testSession } from "../session.js";

const spark = testSession();
const df = spark.createDataFrame([[1, 2.5, "x", true]], "a INT, b DOUBLE, s STRING, t BOOLEAN", 1);
const c = F.col;

/** Conditions recorded from Spark 4.3 with `record-column-names.py`. */
const wrong: Record<string, [condition: string, () => DataFrame]> = {
  "unknown column": ["UNRESOLVED_COLUMN.WITH_SUGGESTION", () => df.select("zz")],
  "unknown column in a function": ["UNRESOLVED_COLUMN.WITH_SUGGESTION", () => df.withColumn("x", F.upper("nope"))],
  "unknown column to sort by": ["UNRESOLVED_COLUMN.WITH_SUGGESTION", () => df.orderBy("nope")],
  "filter that is no boolean": ["DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", () => df.filter(c("s"))],
  "column outside of GROUP BY": ["MISSING_AGGREGATION", () => df.groupBy("s").agg(c("a"))],
  "column beside an aggregate": ["MISSING_GROUP_BY", () => df.select(F.sum("a"), "s")],
  "aggregate in a filter": ["INVALID_WHERE_CONDITION", () => df.filter(F.sum("a").gt(1))],
  "aggregate of an aggregate": ["NESTED_AGGREGATE_FUNCTION", () => df.select(F.count(F.sum("a")))],
  "unknown USING column": ["UNRESOLVED_USING_COLUMN_FOR_JOIN", () => df.join(df, "nope")],
  "union of other widths": ["NUM_COLUMNS_MISMATCH", () => df.union(df.select("a"))],
  "union by unknown name": ["UNRESOLVED_COLUMN_AMONG_FIELD_NAMES", () => df.unionByName(df.select("a"))],
  "duplicates of an unknown column": ["UNRESOLVED_COLUMN_AMONG_FIELD_NAMES", () => df.dropDuplicates(["nope"])],
  "too few new names": ["ASSIGNMENT_ARITY_MISMATCH", () => df.toDF("x")],
  "unknown function": ["UNRESOLVED_ROUTINE", () => df.select(F.expr("nofunc(a)"))],
  "star of an unknown table": ["CANNOT_RESOLVE_STAR_EXPAND", () => df.select("*", "zz.*")],
  "column of another frame": [
    "MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT",
    () => df.select(spark.range(3).col("id")),
  ],
  "missing file": ["PATH_NOT_FOUND", () => spark.read.csv("/nope/x")],
};
const wrongAtOnce: Record<string, [condition: string | undefined, () => unknown]> = {
  "unknown join type": ["UNSUPPORTED_JOIN_TYPE", () => df.join(df, c("a").eq(1), "weird")],
  "negative limit": ["INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", () => df.limit(-1)],
  "fraction above 1": [undefined, () => df.sample(1.5)],
  "no partitions": [undefined, () => df.repartition(0)],
  "unknown save mode": ["INVALID_SAVE_MODE", () => df.write.mode("zzz")],
  "unknown format": ["DATA_SOURCE_NOT_FOUND", () => spark.read.format("nofmt").load("/nope")],
  "negative weight": ["VALUE_NOT_POSITIVE", () => df.randomSplit([-1, 2])],
  "mixed replacement": ["MIXED_TYPE_REPLACEMENT", () => df.replace(1, "x")],
};

describe("analysis errors have Spark's condition", () => {
  it.each(Object.keys(wrong))("%s", async (name) => {
    const [condition, make] = wrong[name];
    await expect(make().collect()).rejects.toMatchObject({ condition });
  });
  it.each(Object.keys(wrongAtOnce))("%s, when it is called", (name) => {
    const [condition, make] = wrongAtOnce[name];
    let error: { condition?: string } | undefined;
    try {
      make();
    } catch (e) {
      error = e as { condition?: string };
    }
    expect(error).toBeDefined();
    expect(error!.condition).toBe(condition);
  });
  it("say where the call was, and leave the session usable", async () => {
    const bad = df.select("zz");
    await expect(bad.count()).rejects.toThrow(/"select" was called from\n.*errors\.test\.ts:\d+:\d+/);
    expect(await df.count()).toBe(1);
  });
  it("suggest the most similar names first", async () => {
    await expect(spark.range(1).toDF("departure").select("departur").schema()).rejects.toThrow(/\[`departure`\]/);
  });
});

describe("errors of running tasks", () => {
  it("keep Spark's condition", async () => {
    await expect(
      spark
        .range(1)
        .select(F.lit(1).divide(F.col("id")))
        .collect(),
    ).rejects.toMatchObject({ condition: "DIVIDE_BY_ZERO" });
    expect(await spark.range(3).count()).toBe(3);
  });
  it("a cancelled action stops and leaves the session usable", async () => {
    const controller = new AbortController();
    const running = spark
      .range(0, 200_000_000, 1, 2)
      .select(F.sqrt("id").as("x"))
      .agg(F.sum("x"))
      .collect({ signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(running).rejects.toThrow();
    expect(await spark.range(3).count()).toBe(3);
  });
});
