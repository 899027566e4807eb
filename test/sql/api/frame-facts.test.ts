import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { F, type DataFrame, type Row } from "../../../src/index.js";
import { testSession } from "../session.js";

interface Fact {
  readonly id: string;
  readonly program: string;
  readonly partitions?: unknown[][];
  readonly result: unknown;
}

/** What Spark 4.3 answered (`shared/spark/rdd.jsonl`). */
const facts = new Map(
  readFileSync(new URL("frame-facts.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line): [string, Fact] => [(JSON.parse(line) as Fact).id, JSON.parse(line) as Fact]),
);
const spark = testSession();
const strings = ["apple", "fig", "kiwi", "", "한글", "😀", "pear", null].map((s) => [s]);
const values = (rows: readonly Row[]): unknown[] => rows.map((row) => row.toArray());
const modulo = (): DataFrame => spark.range(0, 1000, 1, 4).select(F.col("id").multiply(37).mod(1000).as("v"));
const describable = (): DataFrame =>
  spark.createDataFrame(
    [
      [1, "a"],
      [2, "b"],
      [3, null],
      [4, "c"],
      [100, "a"],
    ],
    "x DOUBLE, s STRING",
  );

/** Rows by partition. */
async function layout(df: DataFrame): Promise<unknown[][]> {
  const rows = await df.withColumn("_p", F.sparkPartitionId()).collect();
  const count = await df.numPartitions();
  return Array.from({ length: count }, (_, p) =>
    rows.filter((row) => row.get("_p") === p).map((row) => row.toArray().slice(0, -1)),
  );
}

const layouts: Record<string, () => DataFrame> = {
  "frame-210": () => spark.range(0, 10, 1, 1).repartition(3),
  "frame-211": () => spark.range(0, 12, 1, 2).repartition(2, "id"),
  "frame-212": () => spark.range(0, 12, 1, 2).repartition(3, "id"),
  "frame-214": () => spark.range(0, 12, 1, 2).repartition(8, "id"),
  "frame-215": () => spark.createDataFrame(strings, "s STRING", 1).repartition(3, "s"),
  "frame-216": () => spark.createDataFrame(strings, "s STRING", 1).repartition(4, "s"),
  "frame-217": () => spark.range(10).select(F.col("id").cast("int").as("i")).repartition(4, "i"),
  "frame-218": () =>
    spark
      .createDataFrame(
        [
          [1, "x"],
          [1, "y"],
          [2, "x"],
          [null, "x"],
          [1, null],
        ],
        "a INT, b STRING",
        1,
      )
      .repartition(3, "a", "b"),
  "frame-220": () => spark.range(0, 10, 1, 2).repartitionByRange(3, "id"),
  "frame-221": () => spark.range(0, 10, 1, 2).repartitionByRange(3, F.desc("id")),
  "frame-223": () => spark.createDataFrame([[5], [5], [5], [1]], "v INT", 1).repartitionByRange(3, "v"),
  "frame-232": () => spark.range(0, 20, 1, 1).sample(false, 0.5, 42),
  "frame-233": () => spark.range(0, 20, 1, 3).sample(false, 0.5, 42),
  "frame-235": () => spark.range(0, 10, 1, 1).sample(true, 1.5, 3),
  "frame-236": () => spark.range(0, 10, 1, 2).sample(true, 0.5, 11),
};

const ids = async (frames: readonly DataFrame[]): Promise<unknown[]> =>
  Promise.all(frames.map(async (df) => (await df.collect()).map((row) => row.get(0))));

const results: Record<string, () => Promise<unknown>> = {
  "frame-240": () => ids(spark.range(0, 20, 1, 2).randomSplit([1, 2, 3], 13)),
  "frame-248": async () =>
    values(
      await spark
        .range(0, 30, 1, 2)
        .select(F.col("id").mod(3).as("k"), "id")
        .sampleBy(
          "k",
          new Map([
            [0, 0.5],
            [1, 0.2],
          ]),
          36,
        )
        .orderBy("k", "id")
        .collect(),
    ),
  "frame-249": () => modulo().stat.approxQuantile("v", [0, 0.25, 0.5, 0.75, 1], 0),
  "frame-251": () => modulo().stat.approxQuantile("v", [0, 0.25, 0.5, 0.75, 1], 0.1),
  "frame-252": () => modulo().stat.approxQuantile("v", [0, 0.25, 0.5, 0.75, 1], 0.5),
  "frame-255": () => spark.createDataFrame([], "v DOUBLE", 1).stat.approxQuantile("v", [0.5], 0.1),
  "frame-264": async () => values(await describable().describe().collect()),
  "frame-265": async () => values(await describable().select("x").summary().collect()),
  "frame-267": async () =>
    values(
      await spark
        .createDataFrame(
          [
            [1, "x"],
            [1, "y"],
            [2, "z"],
          ],
          "a INT, b STRING",
          1,
        )
        .dropDuplicates(["a"])
        .collect(),
    ),
};

describe("what Spark does with partitions", () => {
  it.each(Object.keys(layouts))("%s", async (id) => {
    expect(await layout(layouts[id]())).toEqual(facts.get(id)!.partitions);
  });
});

describe("what Spark answers", () => {
  it.each(Object.keys(results))("%s", async (id) => {
    expect(await results[id]()).toEqual(facts.get(id)!.result);
  });

  it("crosstab counts pairs, null by its name", async () => {
    const rows = [
      [1, "p"],
      [1, "q"],
      [2, "p"],
      [1, "p"],
      [3, null],
    ];
    const table = spark.createDataFrame(rows, "a INT, b STRING", 1).crosstab("a", "b");
    const fact = facts.get("frame-258")!.result as { columnsSorted: string[]; rows: unknown[][] };
    expect(await table.columns()).toEqual(fact.columnsSorted);
    expect(values(await table.orderBy("a_b").collect())).toEqual(fact.rows);
  });
});
