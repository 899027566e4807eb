import { readdirSync } from "node:fs";
import { join } from "node:path";
import { F, LogisticRegression, SparkSession, VectorAssembler, type DataFrame } from "../../src/index.js";

/** One workload in a process of its own, so that its memory can be watched: `workload.ts NAME PATH`. */
const [name, path] = process.argv.slice(2);

const rowsOf = async (df: DataFrame): Promise<number> => {
  const counts = await df.runPartitions<number>("sql.count", undefined);
  return counts.reduce((a, b) => a + b, 0);
};

const workloads: Readonly<Record<string, (spark: SparkSession) => Promise<string>>> = {
  async sort(spark) {
    return `${await rowsOf(spark.read.parquet(path).orderBy("key", F.desc("id")))} rows`;
  },
  async groupBy(spark) {
    const groups = spark.read.parquet(path).groupBy("key").agg(F.sum("value"), F.max("text"), F.count("*"));
    return `${await rowsOf(groups)} groups`;
  },
  async join(spark) {
    const files = readdirSync(path)
      .filter((file) => file.endsWith(".parquet"))
      .sort()
      .map((file) => join(path, file));
    const half = files.length / 2;
    const left = spark.read.parquet(...files.slice(0, half));
    const right = spark.read.parquet(...files.slice(half)).withColumnRenamed("value", "other");
    return `${await rowsOf(left.join(right.select("key", "other", "text"), "key"))} rows`;
  },
  async logistic(spark) {
    const table = spark.read.parquet(path);
    const inputCols = (await table.columns()).filter((column) => column !== "label");
    const assembled = new VectorAssembler({ inputCols, outputCol: "features" }).transform(table);
    const training = assembled.select("label", "features").persist();
    const model = await new LogisticRegression({ maxIter: 5 }).fit(training);
    await training.unpersist();
    return `intercept ${model.intercept.toPrecision(8)}`;
  },
};

await using spark = SparkSession.builder
  .master("local[2]")
  .config("spark.executor.memory", "512m")
  .config("spark.ui.showConsoleProgress", false)
  .create();
const begin = performance.now();
const result = await workloads[name](spark);
console.log(JSON.stringify({ seconds: (performance.now() - begin) / 1000, result }));
