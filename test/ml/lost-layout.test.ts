import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DataFrame, KMeans, LogisticRegression, SparkSession, Vectors } from "../../src/index.js";
import { generator } from "../kernels/arena.js";

let spark: SparkSession;
let rows: DataFrame;
const local = mkdtempSync(join(tmpdir(), "kindling-lost-layout-"));

beforeAll(() => {
  // A budget of 600 KiB for 1.2 MB of training data.
  spark = SparkSession.builder
    .master("local[2]")
    .config("spark.testing.reservedMemory", "0")
    .config("spark.executor.memory", "1m")
    .config("spark.local.dir", local)
    .create();
  const random = generator(9);
  const data = Array.from({ length: 10_000 }, () => [
    Vectors.dense(Array.from({ length: 15 }, () => random())),
    Math.floor(random() + 0.5),
  ]);
  rows = spark.createDataFrame(data, "features vector, label double", 4);
});
afterAll(async () => {
  await spark.stop();
  expect(readdirSync(local, { recursive: true })).toEqual([]);
  rmSync(local, { recursive: true });
});

/** Stored data in the session's spill directory. */
const files = (): string[] =>
  readdirSync(local, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

const blocks = { maxBlockSizeInMB: 0.05 };
const logistic = new LogisticRegression({ ...blocks, tol: 0, maxIter: 8, regParam: 0.01, elasticNetParam: 0.5 });
const kmeans = new KMeans({ ...blocks, k: 6, seed: 2, tol: 0, maxIter: 8 });

it.each([
  ["logistic regression", async () => (await logistic.fit(rows)).coefficients.toArray()],
  ["k-means", async () => (await kmeans.fit(rows)).clusterCenters()],
])("%s has the same result when a file of its training data vanishes while it trains", async (_, fit) => {
  const expected = await fit();
  let gone = 0;
  const off = spark.events.on((event) => {
    if (event.type !== "iteration" || event.done % 3 !== 2) return;
    const [first] = files();
    if (first === undefined) return;
    rmSync(first);
    gone++;
  });
  try {
    expect(await fit()).toEqual(expected);
  } finally {
    off();
  }
  expect(gone).toBeGreaterThan(0);
});

it("training data is let go when the fit is over", async () => {
  await logistic.fit(rows);
  await expect.poll(files).toEqual([]);
});
