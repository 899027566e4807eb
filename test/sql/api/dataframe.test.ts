import { describe, expect, it } from "vitest";
import { F, Vectors, type DataFrame, type SparkEvent } from "../../../src/index.js";
import { testSession } from "../session.js";

const spark = testSession();
const schema = "a INT, b DOUBLE, s STRING, t BOOLEAN";
const data = [
  [1, 2.5, "x", true],
  [2, null, "y", false],
  [3, 4.5, null, null],
  [4, 1, "x", true],
];
const df = spark.createDataFrame(data, schema, 2);
const values = async (frame: DataFrame): Promise<unknown[]> => (await frame.collect()).map((row) => row.toArray());
const partitions = (n: number): DataFrame => spark.createDataFrame(data, schema, n);

describe("making frames", () => {
  it("keeps values of every kind", async () => {
    const row: unknown[] = [
      1,
      2.5,
      "é",
      true,
      new Date("2024-02-29"),
      new Date("2024-02-29T12:00:00Z"),
      "12.50",
      [1, null],
      Vectors.dense([1, 2]),
      Vectors.sparse(3, [1], [2]),
    ];
    const types =
      "i BIGINT, d DOUBLE, s STRING, t BOOLEAN, day DATE, ts TIMESTAMP, dec DECIMAL(6,2), arr ARRAY<INT>, v vector, sv vector";
    expect(await values(spark.createDataFrame([row, row.map(() => null)], types, 2))).toEqual([
      row,
      row.map(() => null),
    ]);
  });
  it("row i of N lies in partition floor(i * partitions / N)", async () => {
    const frame = spark.createDataFrame(
      Array.from({ length: 10 }, (_, i) => [i]),
      "i INT",
      3,
    );
    expect(await frame.runPartitions("sql.count", undefined)).toEqual([4, 3, 3]);
  });
  it("infers a schema from objects, with names for arrays", async () => {
    expect(
      (
        await spark
          .createDataFrame([
            { a: 1, b: "x" },
            { a: 2.5, b: null },
          ])
          .schema()
      ).toDDL(),
    ).toBe("a DOUBLE,b STRING");
    expect(await spark.createDataFrame([[1, "x"]], ["p", "q"]).dtypes()).toEqual([
      ["p", "bigint"],
      ["q", "string"],
    ]);
  });
});

describe.each([1, 3, 7])("over %i partitions", (n) => {
  const frame = partitions(n);
  it("select, filter, withColumn, drop, rename", async () => {
    const out = frame
      .withColumn("z", F.col("a").multiply(F.col("b")))
      .filter(F.col("z").isNull().or(F.col("z").gt(3)))
      .withColumnRenamed("s", "text")
      .drop("t", "nope");
    expect(await out.columns()).toEqual(["a", "b", "text", "z"]);
    expect(await values(out)).toEqual([
      [2, null, "y", null],
      [3, 4.5, null, 13.5],
      [4, 1, "x", 4],
    ]);
  });
  it("groupBy and aggregates, null is a group", async () => {
    const out = frame
      .groupBy("s")
      .agg(F.count("*").as("n"), F.sum("a").plus(1).as("x"), F.avg("b"), F.countDistinct("t"))
      .orderBy("s");
    expect(await values(out)).toEqual([
      [null, 1, 4, 4.5, 0],
      ["x", 2, 6, 1.75, 1],
      ["y", 1, 3, null, 1],
    ]);
  });
  it("orderBy with nulls, limit, offset, distinct, union", async () => {
    expect((await values(frame.orderBy(F.desc("b"), "a"))).map((r) => (r as unknown[])[0])).toEqual([3, 1, 4, 2]);
    expect(
      (await values(frame.orderBy(F.ascNullsLast("b")).limit(3).offset(1))).map((r) => (r as unknown[])[0]),
    ).toEqual([1, 3]);
    expect((await values(frame.select("s").distinct().orderBy("s"))).flat()).toEqual([null, "x", "y"]);
    expect(await frame.union(frame).count()).toBe(8);
    expect(await frame.take(2)).toHaveLength(2);
    expect((await frame.tail(2)).map((r) => r.get("a"))).toEqual([3, 4]);
  });
  it("empty input", async () => {
    const none = frame.filter("a > 100");
    expect(
      await none
        .agg(F.count("*"), F.sum("a"))
        .collect()
        .then((r) => r[0].toArray()),
    ).toEqual([0, null]);
    expect(await none.groupBy("s").count().collect()).toEqual([]);
    expect(await none.orderBy("a").collect()).toEqual([]);
    expect(await none.isEmpty()).toBe(true);
    expect(await none.first()).toBeNull();
  });
});

describe("set operations", () => {
  const l = spark.createDataFrame([[1], [2], [2], [null]], "v INT", 2);
  const r = spark.createDataFrame([[2], [null], [3]], "v INT", 2);
  it("intersect, subtract, unionByName", async () => {
    expect((await values(l.intersect(r).orderBy("v"))).flat()).toEqual([null, 2]);
    expect((await values(l.subtract(r))).flat()).toEqual([1]);
    const other = spark.createDataFrame([[9, 8]], "w INT, v INT", 1);
    expect(await values(l.limit(1).unionByName(other, true))).toEqual([
      [1, null],
      [8, 9],
    ]);
  });
});

describe("caching", () => {
  it("computes once, serves equal plans, and unpersist frees", async () => {
    const events: SparkEvent[] = [];
    const off = spark.events.on((event) => events.push(event));
    const make = (): DataFrame => df.filter("a > 1").select("a", "s");
    const cached = make().cache();
    expect(await cached.count()).toBe(3);
    expect(await make().collect()).toHaveLength(3);
    expect(events.filter((e) => e.type === "blockCached")).toHaveLength(1);
    let plan = "";
    const log = console.log;
    console.log = (text: string) => (plan += text);
    await make().explain();
    console.log = log;
    expect(plan).toContain("InMemoryTableScan");
    await cached.unpersist();
    expect(events.filter((e) => e.type === "blockEvicted")).toHaveLength(1);
    expect(await make().count()).toBe(3);
    off();
  });
});

describe("user functions", () => {
  const factor = 10;
  it("a udf travels with what it closes over", async () => {
    const times = F.udf((a: number, s: string | null) => `${a * factor}${s}`);
    expect((await values(df.select(times("a", "s")))).flat()).toEqual(["10x", "20y", "30null", "40x"]);
  });
  it("a filter lambda becomes a column expression where it can", async () => {
    let plan = "";
    const log = console.log;
    console.log = (text: string) => (plan += text);
    await df.filter((r) => r.a > 1 && r.s === "x").explain();
    console.log = log;
    expect(plan).toMatch(/Filter \(\(a#\d+ > 1\) AND \(s#\d+ <=> x\)\)/);
    expect(await df.filter((r) => r.a > 1 && r.s === "x").count()).toBe(1);
    expect(await df.filter((r) => [1, 3].includes(r.a)).count()).toBe(2);
  });
});

describe("generated code", () => {
  it("agrees with the interpreter", async () => {
    const frame = spark
      .range(0, 5000, 1, 3)
      .select(
        "id",
        F.col("id").mod(7).cast("int").as("k"),
        F.when(F.col("id").mod(3).eq(0), null).otherwise(F.col("id").multiply(0.5)).as("x"),
      );
    const query = (): Promise<unknown[]> =>
      values(
        frame
          .filter("x > 10 or k = 2")
          .select(
            "id",
            F.col("x").plus(F.col("k")).as("y"),
            F.col("k").gt(3).and(F.col("x").isNotNull()).as("c"),
            F.coalesce("x", "id").as("z"),
          ),
      );
    const generated = await query();
    spark.conf.set("spark.sql.codegen.wholeStage", false);
    expect(await query()).toEqual(generated);
    spark.conf.unset("spark.sql.codegen.wholeStage");
  });
  it("explain prints it", async () => {
    let text = "";
    const log = console.log;
    console.log = (line: string) => (text += line);
    await df.filter("a > 1").explain("codegen");
    console.log = log;
    expect(text).toContain("Found 1 WebAssembly pipelines");
    expect(text).toContain("(module");
  });
});

describe("toLocalIterator, describe, na", () => {
  it("iterates partition by partition", async () => {
    const seen: unknown[] = [];
    for await (const row of df.toLocalIterator()) seen.push(row.get("a"));
    expect(seen).toEqual([1, 2, 3, 4]);
  });
  it("fills, drops and replaces", async () => {
    const gaps = spark.createDataFrame(
      [
        [1, "x", null],
        [null, null, null],
        [2, null, Number.NaN],
      ],
      "a INT, s STRING, d DOUBLE",
      1,
    );
    expect(await values(gaps.na.fill(0))).toEqual([
      [1, "x", 0],
      [0, null, 0],
      [2, null, 0],
    ]);
    expect(await values(gaps.fillna({ s: "?" }))).toEqual([
      [1, "x", null],
      [null, "?", null],
      [2, "?", Number.NaN],
    ]);
    expect(await values(gaps.na.drop())).toEqual([]);
    expect(await gaps.na.drop("all").count()).toBe(2);
    expect(await gaps.na.drop("any", 2).count()).toBe(1);
    expect((await values(gaps.na.replace(new Map([[1, 10]]), undefined, "a")))[0]).toEqual([10, "x", null]);
  });
});

describe("pivot and struct fields", () => {
  const sales = spark.createDataFrame(
    [
      ["a", 1, 10],
      ["a", 2, 20],
      ["b", 1, 5],
      ["b", null, 1],
      ["a", 1, 3],
    ],
    "k STRING, p INT, v INT",
    2,
  );
  it("pivots over the values that occur, or over given ones", async () => {
    const all = sales.groupBy("k").pivot("p").sum("v").orderBy("k");
    expect(await all.columns()).toEqual(["k", "null", "1", "2"]);
    expect(await values(all)).toEqual([
      ["a", null, 13, 20],
      ["b", 1, 5, null],
    ]);
    const two = sales.groupBy("k").pivot("p", [2]).agg(F.sum("v").as("s"), F.max("v"));
    expect(await two.columns()).toEqual(["k", "2_s", "2_max(v)"]);
  });
  it("a struct's fields by name and by star", async () => {
    const nested = sales.select(F.struct("k", "v").as("st"));
    expect(await nested.select("st.*").columns()).toEqual(["k", "v"]);
    expect((await nested.select("st.v", F.col("st").getField("k")).first())!.toArray()).toEqual([10, "a"]);
  });
});
