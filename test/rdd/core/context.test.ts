import { describe, expect, test } from "vitest";
import { SparkSession } from "../../../src/index.js";
import { testContext } from "../test-context.js";

const sc = testContext();

describe("SparkContext", () => {
  test("knows itself", () => {
    expect(sc.version).toBe("4.3.0");
    expect(sc.defaultParallelism).toBe(2);
    expect(sc.defaultMinPartitions).toBe(2);
    expect(sc.uiWebUrl).toBeUndefined();
    expect(sc.getConf().get("spark.app.name")).toBe("test");
  });

  test("refuses wrong arguments at the call", () => {
    expect(() => sc.range(0, 5, 0, 2)).toThrow(/step cannot be 0/);
    expect(() => sc.parallelize([1], 0)).toThrow(/Positive number of partitions required/);
    expect(() => sc.addJobTag("a,b")).toThrow(/cannot contain ','/);
    expect(() => sc.setLogLevel("loud")).toThrow(/did not match/);
    expect(() => sc.broadcast(sc.parallelize([1]))).toThrow(/Can not directly broadcast RDDs/);
  });

  test("local properties and tags", () => {
    sc.setLocalProperty("k", "v");
    expect(sc.getLocalProperty("k")).toBe("v");
    sc.setLocalProperty("k", null);
    expect(sc.getLocalProperty("k")).toBeUndefined();
    sc.addJobTag("t");
    expect([...sc.getJobTags()]).toEqual(["t"]);
    sc.clearJobTags();
    expect(sc.getJobTags().size).toBe(0);
  });

  test("a job group is seen while it runs and is cancelled together", async () => {
    sc.setJobGroup("slow", "a slow job", true);
    const endless = sc.parallelize([1, 2], 2).foreach(() => {
      for (let i = 0; ; i++) if (i % 1e9 === -1) break;
    });
    sc.clearJobGroup();
    const ended = expect(endless).rejects.toMatchObject({ condition: "SPARK_JOB_CANCELLED" });
    while (sc.statusTracker().getJobIdsForGroup("slow").length === 0) await new Promise((r) => setTimeout(r, 10));
    const [id] = sc.statusTracker().getJobIdsForGroup("slow");
    expect(sc.statusTracker().getJobInfo(id)?.status).toBe("RUNNING");
    await new Promise((r) => setTimeout(r, 200));
    sc.cancelJobGroup("slow");
    await ended;
    expect(sc.statusTracker().getJobInfo(id)?.status).toBe("FAILED");
    expect(await sc.parallelize([1, 2], 2).count()).toBe(2);
  }, 30_000);

  test("toLocalIterator gives partition after partition", async () => {
    for (const prefetch of [false, true]) {
      const found: number[] = [];
      for await (const x of sc.range(0, 6, 1, 3).toLocalIterator(prefetch)) found.push(x);
      expect(found).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });
});

test("a session that is built while a context runs stands on it", async () => {
  const spark = SparkSession.builder.config("spark.sql.shuffle.partitions", 3).getOrCreate();
  expect(spark.sparkContext).toBe(sc);
  expect(
    await sc
      .parallelize([[1], [2]], 2)
      .toDF("id INT")
      .count(),
  ).toBe(2);
  expect(spark.conf.get("spark.sql.shuffle.partitions")).toBe("3");
});
