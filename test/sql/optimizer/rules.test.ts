import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { F, planText, SparkConf, type DataFrame } from "../../../src/index.js";
import { optimize } from "../../../src/sql/optimizer/index.js";
import { testSession } from "../session.js";

const spark = testSession();
const t = spark.createDataFrame([[1, "x", 2.5]], "a INT, s STRING, b DOUBLE", 1);
const u = spark.createDataFrame([[1, true]], "k INT, flag BOOLEAN", 1);

/** The optimized plan, ids cut off. */
async function optimized(df: DataFrame): Promise<string> {
  const conf = new SparkConf().set("spark.sql.session.timeZone", "UTC");
  return planText(optimize(await df.analyzed(), conf))
    .replace(/#\d+L?/g, "")
    .trimEnd();
}
/** Names of the rules that changed the plan. */
async function fired(df: DataFrame): Promise<string[]> {
  const names: string[] = [];
  optimize(await df.analyzed(), new SparkConf(), (rule) => names.push(rule));
  return [...new Set(names)];
}

describe("each rule, by the plan it leaves", () => {
  it("constants are computed once", async () => {
    expect(await optimized(t.filter(F.col("a").gt(F.lit(1).plus(2))))).toBe(
      "Filter (a > 3)\n+- LocalRelation [a, s, b]",
    );
    expect(await fired(t.filter(F.col("a").gt(F.lit(1).plus(2))))).toContain("ConstantFolding");
  });
  it("a constant that fails is left for the rows", async () => {
    expect(await optimized(t.select(F.lit(1).divide(0).as("q")))).toContain("(1");
    expect(await t.filter("false").select(F.lit(1).divide(0).as("q")).collect()).toEqual([]);
  });
  it("conditions that hold always go, adjacent ones join", async () => {
    expect(await optimized(t.filter("true").filter("a > 1").filter("b > 2"))).toBe(
      "Filter ((a > 1) AND (b > 2.0))\n+- LocalRelation [a, s, b]",
    );
  });
  it("conditions pass projections", async () => {
    expect(await optimized(t.select(F.col("a").plus(1).as("c"), "s").filter("c > 5"))).toBe(
      "Project [(a + 1) AS c, s]\n+- Filter ((a + 1) > 5)\n   +- Project [a, s]\n      +- LocalRelation [a, s, b]",
    );
  });
  it("conditions go to the side of the join that they read", async () => {
    const plan = await optimized(t.join(u, t.col("a").eq(u.col("k"))).filter("b > 1 and flag"));
    expect(plan).toBe(
      "Join Inner, (a = k)\n:- Filter (b > 1.0)\n:  +- LocalRelation [a, s, b]\n+- Filter flag\n   +- LocalRelation [k, flag]",
    );
  });
  it("but not below the side that an outer join fills with nulls", async () => {
    const plan = await optimized(t.join(u, t.col("a").eq(u.col("k")), "left").filter("flag is null"));
    expect(plan.startsWith("Filter (flag IS NULL)\n+- Join LeftOuter")).toBe(true);
  });
  it("random conditions stay where they are", async () => {
    const plan = await optimized(t.select("a").filter(F.rand(1).gt(0.5)).filter("a > 1"));
    expect(plan).toMatch(/^Filter \(a > 1\)\n\+- Filter \(rand\(1\) > 0\.5\)/);
  });
  it("projections join unless an expression would be computed twice", async () => {
    expect(await optimized(t.select(F.col("a").plus(1).as("c")).select(F.col("c").multiply(2).as("d")))).toBe(
      "Project [((a + 1) * 2) AS d]\n+- LocalRelation [a, s, b]",
    );
    const twice = t.select(F.exp("b").as("c")).select(F.col("c").plus(F.col("c")).as("d"));
    expect((await optimized(twice)).match(/EXP/g)).toHaveLength(1);
  });
  it("limits go below projections", async () => {
    expect(await optimized(t.select(F.col("a").plus(1).as("c")).limit(3))).toMatch(/Project[^\n]*\n\+- GlobalLimit 3/);
  });
});

describe("files", () => {
  const directory = mkdtempSync(join(tmpdir(), "kindling-rules-"));
  beforeAll(async () => {
    await t.write.parquet(join(directory, "t"));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("scans read only what is needed and know the conditions, also through batch functions", async () => {
    const plan = await optimized(spark.read.parquet(join(directory, "t")).filter("a > 1").select("b"));
    expect(plan).toBe("Project [b]\n+- Filter (a > 1)\n   +- Relation [a, b] parquet filters=[(a > 1)]");
  });
});
