import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { F, Observation, SparkSession } from "../../../src/index.js";

let spark: SparkSession;
beforeAll(() => {
  spark = SparkSession.builder.master("local[2]").create();
});
afterAll(() => spark.stop());

describe("observe", () => {
  it("gathers metrics of the rows that pass, of the first action that succeeds", async () => {
    const observation = new Observation("seen");
    const df = spark
      .range(0, 100, 1, 4)
      .observe(
        observation,
        F.count(F.lit(1)).alias("n"),
        F.sum(F.col("id").multiply(2)).alias("twice"),
        F.max("id").plus(F.min("id")).alias("ends"),
        F.lit(5).alias("five"),
      )
      .filter(F.col("id").lt(3));
    expect(await df.count()).toBe(3);
    const metrics = { n: 100, twice: 9900, ends: 99, five: 5 };
    expect(await observation.get()).toEqual(metrics);
    await df.collect();
    expect(await observation.get()).toEqual(metrics);
  });

  it("sees no rows of an empty DataFrame, and text", async () => {
    const observation = new Observation();
    await spark
      .emptyDataFrame("s STRING")
      .observe(observation, F.count("s").alias("n"), F.max("s").alias("m"))
      .collect();
    expect(await observation.get()).toEqual({ n: 0, m: null });
    const text = new Observation();
    await spark
      .createDataFrame([["b"], ["c"], ["a"]], "s STRING", 2)
      .observe(text, F.max("s").alias("m"))
      .collect();
    expect(await text.get()).toEqual({ m: "c" });
  });

  it("is refused twice, before it observes, and for what is no aggregate", async () => {
    const observation = new Observation();
    await expect(observation.get()).rejects.toThrow(/NO_OBSERVE_BEFORE_GET/);
    const df = spark.range(3);
    df.observe(observation, F.count("id").alias("n"));
    expect(() => df.observe(observation, F.count("id").alias("n"))).toThrow(/REUSE_OBSERVATION/);
    await expect(df.observe("x", F.col("id")).collect()).rejects.toThrow(
      /INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE/,
    );
  });
});

describe("sketches of a column", () => {
  it("leave nulls out and take only integers, text and bytes", async () => {
    const df = spark.createDataFrame([["a"], [null], ["b"]], "s STRING", 2);
    const filter = await df.stat.bloomFilter("s", 10, 0.01);
    expect([filter.mightContain("a"), filter.mightContain("b"), filter.mightContain("null")]).toEqual([
      true,
      true,
      false,
    ]);
    const sketch = await df.stat.countMinSketch("s", { eps: 0.1, confidence: 0.9, seed: 1 });
    expect([sketch.totalCount(), sketch.estimateCount("a")]).toEqual([2, 1]);
    await expect(spark.range(1).select(F.rand(1).alias("r")).stat.bloomFilter("r", 10)).rejects.toThrow(
      /does not support type double/,
    );
  });

  it("find frequent items", async () => {
    const rows = await spark.range(0, 100, 1, 3).select(F.col("id").mod(2).alias("k")).stat.freqItems(["k"]).collect();
    expect(rows.map((row) => row.asDict())).toEqual([{ k_freqItems: [0, 1] }]);
    expect(() => spark.range(1).stat.freqItems(["id"], 1e-5)).toThrow(
      /Support must be in \[1e-4, 1\], but got 0.00001/,
    );
  });
});
