import { afterAll, describe, expect, test } from "vitest";
import { functions as F, type Row, SparkSession } from "../../../src/index.js";

const spark = SparkSession.builder
  .master(process.env.KINDLING_TEST_MASTER ?? "local[2]")
  .config("spark.ui.showConsoleProgress", "false")
  .create();
const sc = spark.sparkContext;
afterAll(() => spark.stop());

const texts = (rows: readonly Row[]): string[] => rows.map(String);

describe("df.rdd", () => {
  test("has the rows in their partitions, also behind a shuffle", async () => {
    expect(
      await spark
        .range(0, 10, 1, 3)
        .rdd.map((row) => row.get("id"))
        .glom()
        .collect(),
    ).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8, 9],
    ]);
    const counts = spark.range(0, 20, 1, 2).selectExpr("id % 3 as k").groupBy("k").count().rdd;
    const pairs = await counts.map((row): [number, number] => [row.getAs("k"), row.getAs("count")]).collect();
    expect(pairs.sort()).toEqual([
      [0, 7],
      [1, 7],
      [2, 6],
    ]);
  });

  test("rows travel through shuffles", async () => {
    const grouped = spark
      .range(0, 4, 1, 2)
      .rdd.keyBy((row) => row.getAs<number>("id") % 2)
      .groupByKey();
    const found = await grouped.mapValues((rows) => [...rows]).collect();
    expect(found.map(([k, rows]) => [k, texts(rows)]).sort()).toEqual([
      [0, ["Row(id=0)", "Row(id=2)"]],
      [1, ["Row(id=1)", "Row(id=3)"]],
    ]);
  });
});

describe("createDataFrame of an RDD", () => {
  test("with names, with a schema, with one type, or inferred", async () => {
    const pairs = sc.parallelize(
      [
        ["a", 1],
        ["b", 2],
      ],
      2,
    );
    expect(texts(await pairs.toDF(["k", "v"]).collect())).toEqual(["Row(k=a, v=1)", "Row(k=b, v=2)"]);
    const typed = spark.createDataFrame(pairs, "k STRING, v INT");
    expect(await typed.dtypes()).toEqual([
      ["k", "string"],
      ["v", "int"],
    ]);
    expect(await typed.numPartitions()).toBe(2);
    expect(texts(await typed.filter("v > 1").select("k").collect())).toEqual(["Row(k=b)"]);
    expect(texts(await spark.createDataFrame(sc.parallelize([1, 2], 2), "int").collect())).toEqual([
      "Row(value=1)",
      "Row(value=2)",
    ]);
    expect(
      texts(
        await sc
          .parallelize(
            [
              { a: 1, b: "x" },
              { a: 2, b: null },
            ],
            2,
          )
          .toDF()
          .collect(),
      ),
    ).toEqual(["Row(a=1, b=x)", "Row(a=2, b=null)"]);
    await expect(sc.parallelize([1, 2]).toDF().collect()).rejects.toMatchObject({
      condition: "CANNOT_INFER_SCHEMA_FOR_TYPE",
    });
  });

  test("shuffles below it run in the action's job", async () => {
    const counts = sc
      .parallelize(["a", "b", "a"], 2)
      .map((word): [string, number] => [word, 1])
      .reduceByKey((x, y) => x + y);
    expect(texts(await counts.toDF("word STRING, n INT").orderBy("word").collect())).toEqual([
      "Row(word=a, n=2)",
      "Row(word=b, n=1)",
    ]);
  });
});

test("broadcasts and accumulators work in column functions", async () => {
  const names = sc.broadcast(new Map([[1, "one"]]));
  const calls = sc.longAccumulator();
  const name = F.udf((id: number) => {
    calls.add(1);
    return names.value.get(id) ?? "?";
  }, "string");
  expect(texts(await spark.range(0, 3, 1, 2).select(name("id").alias("n")).collect())).toEqual([
    "Row(n=?)",
    "Row(n=one)",
    "Row(n=?)",
  ]);
  expect(calls.value).toBe(3);
});

test("a new session does not stand on a context that was stopped with its session", async () => {
  const own = SparkSession.builder.master("local[1]").config("spark.ui.showConsoleProgress", "false").create();
  expect(await own.sparkContext.parallelize([1]).count()).toBe(1);
  await own.stop();
  const next = SparkSession.builder.master("local[1]").config("spark.ui.showConsoleProgress", "false").getOrCreate();
  expect(await next.range(3).count()).toBe(3);
  await next.stop();
});
