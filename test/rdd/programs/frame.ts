import { type DataFrame, F, Observation, type Row, type SparkSession } from "../../../src/index.js";
import { type Outcome, type Program, type ProgramEnv, type ProgramTable, range, value } from "./program.js";

const rowsOf = (rows: readonly Row[]): unknown[][] => rows.map((row) => row.toArray() as unknown[]);
const collected = async (df: DataFrame): Promise<unknown[][]> => rowsOf(await df.collect());
const sortedRows = (rows: readonly unknown[][]): unknown[][] =>
  [...rows].sort((a, b) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]));

/** Rows of each partition, empty ones included. */
async function partitionsOf(df: DataFrame): Promise<unknown[][][]> {
  const partitions: unknown[][][] = Array.from({ length: await df.numPartitions() }, () => []);
  for (const row of await collected(df.select("*", F.sparkPartitionId().alias("partition")))) {
    partitions[row.pop() as number].push(row);
  }
  return partitions;
}

/** A program that ends with a DataFrame whose rows lie in certain partitions. */
const layout =
  (program: (env: ProgramEnv) => DataFrame): Program =>
  async (env): Promise<Outcome> => {
    const partitions = await partitionsOf(program(env));
    return { partitions, result: { rows: partitions.flat(), numPartitions: partitions.length } };
  };

/** A program that runs with settings of its own. */
const configured =
  (settings: Readonly<Record<string, string>>, program: Program): Program =>
  async (env) => {
    const { conf } = env.spark;
    for (const [key, text] of Object.entries(settings)) conf.set(key, text);
    try {
      return await program(env);
    } finally {
      for (const key of Object.keys(settings)) conf.unset(key);
    }
  };
const withoutAdaptive = (partitions: number): Record<string, string> => ({
  "spark.sql.adaptive.enabled": "false",
  "spark.sql.shuffle.partitions": String(partitions),
});

const strings = (spark: SparkSession): DataFrame =>
  spark.createDataFrame(
    ["apple", "fig", "kiwi", "", "한글", "😀", "pear", null].map((s) => [s]),
    "s STRING",
    1,
  );
const thousand = ({ spark }: ProgramEnv): DataFrame =>
  spark.range(0, 1000, 1, 4).select(F.col("id").multiply(37).mod(1000).alias("v"));
const quantiles = (error: number): Program =>
  value((env) => thousand(env).stat.approxQuantile("v", [0, 0.25, 0.5, 0.75, 1], error));
const missing = (spark: SparkSession): DataFrame =>
  spark.createDataFrame(
    [
      [1, "x", null],
      [null, null, null],
      [2, null, Number.NaN],
    ],
    "a INT, s STRING, d DOUBLE",
    1,
  );
const ids = async (df: DataFrame): Promise<unknown[]> => (await collected(df)).map(([id]) => id);
const firsts = (frames: readonly DataFrame[]): Promise<unknown[][]> => Promise.all(frames.map(ids));
const numbered = (spark: SparkSession): DataFrame =>
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

/** DataFrames: layouts, samples, random numbers, statistics. */
export const framePrograms: ProgramTable = {
  "frame-210": layout(({ spark }) => spark.range(0, 10, 1, 1).repartition(3)),
  "frame-211": layout(({ spark }) => spark.range(0, 12, 1, 2).repartition(2, "id")),
  "frame-212": layout(({ spark }) => spark.range(0, 12, 1, 2).repartition(3, "id")),
  "frame-214": layout(({ spark }) => spark.range(0, 12, 1, 2).repartition(8, "id")),
  "frame-215": layout(({ spark }) => strings(spark).repartition(3, "s")),
  "frame-216": layout(({ spark }) => strings(spark).repartition(4, "s")),
  "frame-217": layout(({ spark }) =>
    spark
      .createDataFrame(
        range(0, 10).map((i) => [i]),
        "i INT",
        1,
      )
      .repartition(4, "i"),
  ),
  "frame-218": layout(({ spark }) =>
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
  ),
  "frame-219": configured(
    withoutAdaptive(7),
    layout(({ spark }) => spark.range(0, 20, 1, 2).repartition(F.col("id"))),
  ),
  "frame-220": layout(({ spark }) => spark.range(0, 10, 1, 2).repartitionByRange(3, "id")),
  "frame-221": layout(({ spark }) => spark.range(0, 10, 1, 2).repartitionByRange(3, F.desc("id"))),
  "frame-223": layout(({ spark }) =>
    spark.createDataFrame([[5], [5], [5], [1]], "v INT", 1).repartitionByRange(3, "v"),
  ),
  "frame-227": value(({ spark }) =>
    collected(spark.range(10).select("id", F.hash("id"), F.pmod(F.hash("id"), F.lit(4)))),
  ),
  "frame-228": value(({ spark }) =>
    collected(
      spark
        .range(1)
        .selectExpr(
          ...["-1", "0", "1", "''", "'a'", "'abcd'", "0.0D", "-0.0D", "1.5D", "true", "null"].map((v) => `hash(${v})`),
          "hash(1, 'a')",
          "hash(array(1, 2))",
          "hash(DATE'2024-02-29')",
          "hash(1.50BD)",
        ),
    ),
  ),
  "frame-229": configured(
    withoutAdaptive(3),
    layout(({ spark }) => spark.range(0, 20, 1, 4).orderBy(F.desc("id"))),
  ),
  "frame-230": configured(withoutAdaptive(3), async ({ spark }) => {
    const counts = spark.range(0, 20, 1, 2).groupBy(F.col("id").mod(4).alias("key")).count();
    const partitions = await partitionsOf(counts);
    return { partitions, result: sortedRows(partitions.flat()) };
  }),
  "frame-231": layout(({ spark }) => spark.range(0, 5, 1, 2).select("id", F.monotonicallyIncreasingId())),
  "frame-232": layout(({ spark }) => spark.range(0, 20, 1, 1).sample(false, 0.5, 42)),
  "frame-233": layout(({ spark }) => spark.range(0, 20, 1, 3).sample(false, 0.5, 42)),
  "frame-235": layout(({ spark }) => spark.range(0, 10, 1, 1).sample(true, 1.5, 3)),
  "frame-236": layout(({ spark }) => spark.range(0, 10, 1, 2).sample(true, 0.5, 11)),
  "frame-237": layout(({ spark }) => spark.range(10).sample(-0.5)),
  "frame-240": value(({ spark }) => firsts(spark.range(0, 20, 1, 2).randomSplit([1, 2, 3], 13))),
  "frame-241": value(({ spark }) =>
    firsts(
      spark
        .createDataFrame(
          [9, 3, 7, 1, 5, 0, 8, 2, 6, 4].map((v) => [v]),
          "v INT",
        )
        .repartition(2)
        .randomSplit([0.5, 0.5], 4),
    ),
  ),
  "frame-242": layout(({ spark }) => spark.range(0, 6, 1, 1).select(F.rand(42))),
  "frame-244": layout(({ spark }) => spark.range(0, 6, 1, 2).select(F.rand(42))),
  "frame-245": layout(({ spark }) => spark.range(0, 6, 1, 2).select(F.randn(42))),
  "frame-246": layout(({ spark }) => spark.range(0, 6, 1, 3).select(F.rand(42))),
  "frame-248": value(({ spark }) => {
    const keyed = spark.range(0, 30, 1, 2).select(F.col("id").mod(3).alias("k"), "id");
    return collected(keyed.stat.sampleBy("k", { 0: 0.5, 1: 0.2 }, 36)).then(sortedRows);
  }),
  "frame-249": quantiles(0),
  "frame-251": quantiles(0.1),
  "frame-252": quantiles(0.5),
  "frame-253": value(({ spark }) =>
    spark
      .createDataFrame(
        [
          [1, 4.5],
          [2, -3],
          [3, 9],
          [4, 0.5],
          [100, 7],
        ],
        "x DOUBLE, y DOUBLE",
        2,
      )
      .stat.approxQuantile(["x", "y"], [0, 0.5, 1], 0),
  ),
  "frame-254": value(({ spark }) =>
    spark.createDataFrame([[1], [Number.NaN], [null], [3]], "v DOUBLE", 1).stat.approxQuantile("v", [0, 0.5, 1], 0),
  ),
  "frame-255": value(({ spark }) => spark.emptyDataFrame("v DOUBLE").stat.approxQuantile("v", [0.5], 0)),
  "frame-258": value(async ({ spark }) => {
    const table = spark
      .createDataFrame(
        [
          [1, "p"],
          [1, "q"],
          [2, "p"],
          [1, "p"],
          [3, null],
        ],
        "a INT, b STRING",
        1,
      )
      .stat.crosstab("a", "b");
    const columns = await table.columns();
    const order = columns.map((_, i) => i).sort((i, j) => (columns[i] < columns[j] ? -1 : 1));
    const rows = (await collected(table)).map((row) => order.map((i) => row[i]));
    return { columnsSorted: order.map((i) => columns[i]), rows: rows.sort((a, b) => Number(a[0]) - Number(b[0])) };
  }),
  "frame-259": value(({ spark }) =>
    collected(
      spark
        .createDataFrame(
          [
            [1, 1],
            [1, 2],
            [2, 1],
            [2, 1],
            [1, 1],
          ],
          "a INT, b INT",
          1,
        )
        .stat.freqItems(["a", "b"], 0.4),
    ),
  ),
  "frame-260": value(async ({ spark }) => {
    const filter = await spark.range(0, 100, 1, 1).stat.bloomFilter("id", 100, 0.03);
    return {
      bitSize: filter.bitSize(),
      hex: Buffer.from(filter.toByteArray()).toString("hex").toUpperCase(),
      falsePositives: range(100, 1000).filter((id) => filter.mightContain(id)),
    };
  }),
  "frame-261": value(async ({ spark }) => {
    const keys = spark.createDataFrame(
      range(0, 50).map((i) => [`k${i}`]),
      "s STRING",
      2,
    );
    const filter = await keys.stat.bloomFilter("s", 50, { numBits: 640 });
    const others = range(0, 100).map((i) => `z${i}`);
    return {
      bitSize: filter.bitSize(),
      k0: filter.mightContainString("k0"),
      k49: filter.mightContainString("k49"),
      falsePositives: others.filter((key) => filter.mightContainString(key)),
    };
  }),
  "frame-263": value(async ({ spark }) => {
    const keys = spark.createDataFrame([["a"], ["b"], ["a"], ["c"]], "s STRING", 2);
    const sketch = await keys.stat.countMinSketch("s", { depth: 3, width: 10, seed: 1 });
    return ["a", "b", "c", "d"].map((key) => sketch.estimateCount(key));
  }),
  "frame-264": value(({ spark }) => collected(numbered(spark).describe())),
  "frame-265": value(({ spark }) => collected(numbered(spark).select("x").summary())),
  "frame-266": value(({ spark }) => {
    const { na } = missing(spark);
    const frames = [
      na.fill(0),
      na.fill("?"),
      na.drop(),
      na.drop("all"),
      na.drop("any", 2),
      na.replace(new Map([[1, 10]]), undefined, "a"),
    ];
    return Promise.all(frames.map(collected));
  }),
  "frame-267": value(({ spark }) =>
    collected(
      spark
        .createDataFrame(
          [
            [1, "x"],
            [1, "y"],
            [2, "z"],
          ],
          "a INT, b STRING",
          1,
        )
        .dropDuplicates(["a"]),
    ).then(sortedRows),
  ),
  "frame-270": value(async ({ spark }) => {
    const observation = new Observation("o");
    const observed = spark.range(5).observe(observation, F.count(F.lit(1)).alias("n"), F.max("id").alias("m"));
    await observed.collect();
    return Object.entries(await observation.get()).sort(([a], [b]) => (a < b ? -1 : 1));
  }),
  "frame-271": value(async ({ spark }) => {
    const pairs = spark.range(0, 4, 1, 2).crossJoin(spark.range(0, 2, 1, 1).toDF("j"));
    return sortedRows(await collected(pairs.select("*", F.sparkPartitionId())));
  }),
};
