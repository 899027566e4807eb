import { ALS, F, LogisticRegression, type SparkSession, VectorAssembler } from "kindling";
import { strike, type Sabotage } from "./sabotage.js";

/** A job with a deterministic result as text, whose own functions call {@link strike} on each of `records` records. */
export interface Workload {
  readonly name: string;
  readonly records: number;
  run(session: SparkSession, sabotage: Sabotage, signal: AbortSignal | undefined): Promise<string>;
}

const words = ["ash", "birch", "cedar", "elm", "fir", "hazel", "juniper", "larch", "maple", "oak", "pine", "rowan"];
const rows = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
/** A number in [0, 1) that looks random and is always the same. */
const noise = (i: number): number => {
  const x = Math.sin(i * 12.9898 + 78.233) * 43758.5453;
  return x - Math.floor(x);
};

/** The record itself, as a column, unless it is the one to strike at. */
const touching = (sabotage: Sabotage) => F.udf((i: number) => strike(sabotage, i), "int");

const wordCount: Workload = {
  name: "word count",
  records: 3_000,
  async run(session, sabotage) {
    const counts = await session.sparkContext
      .parallelize(rows(this.records), 6)
      .map((i) => strike(sabotage, i))
      .flatMap((i) => [words[i % 12], words[(i * 7) % 12], `${words[(i * 5) % 12]}${i % 50}`])
      .map((word): [string, number] => [word, 1])
      .reduceByKey((a, b) => a + b, 4)
      .sortByKey()
      .collect();
    return JSON.stringify(counts);
  },
};

const join: Workload = {
  name: "join",
  records: 4_000,
  async run(session, sabotage, signal) {
    const touched = touching(sabotage);
    const left = session
      .range(0, this.records, 1, 4)
      .select(touched(F.col("id").cast("int")).as("id"))
      .withColumn("k", F.col("id").mod(97));
    const right = session.range(0, 500, 1, 3).select(F.col("id").mod(97).cast("int").as("k"), F.col("id").as("v"));
    const joined = left
      .join(right, "k")
      .groupBy("k")
      .agg(F.sum("v").as("s"), F.count(F.lit(1)).as("n"))
      .orderBy("k");
    return JSON.stringify((await joined.collect({ signal })).map((row) => row.toArray().map(String)));
  },
};

const sort: Workload = {
  name: "sort",
  records: 6_000,
  async run(session, sabotage, signal) {
    const touched = touching(sabotage);
    const df = session
      .range(0, this.records, 1, 5)
      .select(touched(F.col("id").cast("int")).as("id"))
      .select("id", F.hash(F.col("id")).as("h"))
      .repartition(7)
      .orderBy(F.col("h").desc(), "id");
    return JSON.stringify((await df.collect({ signal })).map((row) => row.getAs("id")));
  },
};

const logistic: Workload = {
  name: "logistic regression",
  records: 2_000,
  async run(session, sabotage) {
    const touched = touching(sabotage);
    const data = rows(this.records).map((i) => [i, noise(i), noise(i + 0.5), noise(i) + 0.5 * noise(-i) > 0.7 ? 1 : 0]);
    const df = session
      .createDataFrame(data, "i INT, a DOUBLE, b DOUBLE, label DOUBLE", 4)
      .withColumn("c", touched(F.col("i")).mod(13).cast("double"));
    const features = new VectorAssembler({ inputCols: ["a", "b", "c"], outputCol: "features" });
    const train = features.transform(df).cache();
    try {
      const model = await new LogisticRegression({ maxIter: 8, regParam: 0.01 }).fit(train);
      return [...model.coefficients.toArray(), model.intercept].map((x) => x.toPrecision(12)).join();
    } finally {
      await train.unpersist();
    }
  },
};

const als: Workload = {
  name: "als",
  records: 3_000,
  async run(session, sabotage) {
    const touched = touching(sabotage);
    const data = rows(this.records).map((i) => [i, i % 61, (i * 7) % 43, 1 + 4 * noise(i)]);
    const df = session.createDataFrame(data, "i INT, user INT, item INT, rating FLOAT", 3).select(
      "user",
      "item",
      F.col("rating")
        .plus(touched(F.col("i")).multiply(0))
        .cast("float")
        .as("rating"),
    );
    const model = await new ALS({ rank: 4, maxIter: 3, seed: 5 }).fit(df);
    const factors = await model.userFactors.orderBy("id").limit(5).collect();
    return JSON.stringify(factors.map((row) => (row.getAs("features") as number[]).map((x) => x.toPrecision(5))));
  },
};

export const workloads: readonly Workload[] = [wordCount, join, sort, logistic, als];
