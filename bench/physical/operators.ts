import { F, SparkSession, type DataFrame } from "../../src/index.js";

/** Milliseconds of each relational operator over `rows` cached rows with `threads` workers, the fastest of three runs. */
export async function operatorTimes(rows = 2_000_000, threads = 2): Promise<Record<string, number>> {
  await using spark = SparkSession.builder
    .master(`local[${threads}]`)
    .config("spark.ui.showConsoleProgress", false)
    .create();
  const table = spark
    .range(0, rows, 1, 4)
    .select(
      "id",
      F.col("id").mod(1000).as("k"),
      F.col("id").multiply(0.5).as("v"),
      F.col("id").mod(97).cast("string").as("s"),
    )
    .cache();
  await table.count();
  const small = spark.range(1000).select(F.col("id").as("k"), F.lit(1).as("w"));
  const queries: Record<string, () => DataFrame> = {
    "filter (generated)": () => table.filter("v > 1000 and k < 500"),
    "filter on text (generated)": () => table.filter("s = '42' or s > '95'"),
    "project (generated)": () => table.select(F.sqrt("v").plus(F.col("k")).as("x")),
    "hash-aggregate, 1000 groups": () => table.groupBy("k").agg(F.sum("v")),
    "hash-aggregate by text": () => table.groupBy("s").agg(F.avg("v"), F.count("*")),
    "hash-aggregate, all distinct": () => table.groupBy("id").agg(F.sum("v")),
    "hash-join, broadcast": () => table.join(small, "k"),
    "hash-join, shuffled": () => table.select("id", "v").join(table.select("id", "k"), "id"),
    sort: () => table.orderBy(F.desc("v")),
    "top 10": () => table.orderBy(F.desc("v")).limit(10),
    "round-robin": () => table.repartition(8),
    sample: () => table.sample(0.1, 1),
  };
  const times: Record<string, number> = {};
  for (const [name, query] of Object.entries(queries)) {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 3; run++) {
      const begin = performance.now();
      await query().runPartitions("sql.count", undefined);
      best = Math.min(best, performance.now() - begin);
    }
    times[name] = Math.round(best);
  }
  spark.conf.set("spark.sql.codegen.wholeStage", false);
  for (const name of Object.keys(queries).filter((key) => key.includes("generated"))) {
    const begin = performance.now();
    await queries[name]().runPartitions("sql.count", undefined);
    times[name.replace("generated", "interpreted: the reference")] = Math.round(performance.now() - begin);
  }
  return times;
}

if (import.meta.filename === process.argv[1]) console.table(await operatorTimes());
