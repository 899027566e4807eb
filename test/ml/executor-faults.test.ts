import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DataFrame, KMeans, LogisticRegression, SparkSession, Vectors } from "../../src/index.js";
import { generator } from "../kernels/arena.js";

let spark: SparkSession;
let rows: DataFrame;
beforeAll(() => {
  spark = SparkSession.builder.master("local-cluster[2,1,512]").create();
  const random = generator(4);
  const data = Array.from({ length: 6_000 }, () => [
    Vectors.dense(Array.from({ length: 6 }, () => random())),
    Math.floor(random() + 0.5),
  ]);
  rows = spark.createDataFrame(data, "features vector, label double", 4);
});
afterAll(() => spark.stop());

/** Processes of the executors, oldest first. */
const executors = (): number[] =>
  readdirSync("/proc/self/task")
    .flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" "))
    .filter((pid) => pid !== "" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("executor.js"))
    .map(Number)
    .sort((a, b) => a - b);

const blocks = { maxBlockSizeInMB: 0.02 };
it.skipIf(process.platform !== "linux").each([
  [
    "logistic regression",
    async () => {
      const model = await new LogisticRegression({ ...blocks, tol: 0, maxIter: 8, regParam: 0.01 }).fit(rows);
      return [...model.coefficients.toArray(), model.intercept];
    },
  ],
  [
    "k-means",
    async () => (await new KMeans({ ...blocks, k: 6, seed: 2, tol: 0, maxIter: 8 }).fit(rows)).clusterCenters(),
  ],
])("%s has the same result when an executor is killed while it trains", { timeout: 60_000 }, async (_, fit) => {
  const expected = await fit();
  let killed = 0;
  const off = spark.events.on((event) => {
    if (event.type !== "iteration" || event.done !== 2) return;
    process.kill(executors()[0], "SIGKILL");
    killed++;
  });
  try {
    expect(await fit()).toEqual(expected);
  } finally {
    off();
  }
  expect(killed).toBe(1);
});
