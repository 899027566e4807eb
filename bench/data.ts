import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { SparkSession } from "../src/index.js";
import type { Workload } from "./workloads.js";

/** Mulberry32: small, seeded, good enough for benchmark data. */
function generator(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

type Columns = Record<string, Float64Array | Int32Array>;

/** Correlated features of mixed scale, a noisy linear target and a label drawn from its logistic. */
function tabular(rows: number, columns: number, seed: number): Columns {
  const random = generator(seed);
  const features = Array.from({ length: columns }, () => new Float64Array(rows));
  const label = new Float64Array(rows);
  const target = new Float64Array(rows);
  const weights = Array.from({ length: columns }, () => gaussian(random));
  for (let i = 0; i < rows; i++) {
    const common = gaussian(random);
    let margin = 0.3;
    for (let j = 0; j < columns; j++) {
      const z = 0.5 * common + gaussian(random);
      features[j][i] = z * (1 + (j % 5));
      margin += (weights[j] * z) / Math.sqrt(columns);
    }
    label[i] = random() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
    target[i] = margin + 0.5 * gaussian(random);
  }
  return { ...Object.fromEntries(features.map((f, j) => [`f${j}`, f])), label, target };
}

/** Points around `k` centres. */
function blobs(rows: number, columns: number, k: number, seed: number): Columns {
  const random = generator(seed);
  const centres = Array.from({ length: k }, () => Array.from({ length: columns }, () => 6 * gaussian(random)));
  const features = Array.from({ length: columns }, () => new Float64Array(rows));
  for (let i = 0; i < rows; i++) {
    const centre = centres[Math.floor(random() * k)];
    for (let j = 0; j < columns; j++) features[j][i] = centre[j] + 2.5 * gaussian(random);
  }
  return Object.fromEntries(features.map((f, j) => [`f${j}`, f]));
}

/** Ratings 1 to 5 whose users and items follow a skewed popularity, as MovieLens does. */
function ratings(rows: number, users: number, items: number, seed: number): Columns {
  const random = generator(seed);
  const user = new Int32Array(rows);
  const item = new Int32Array(rows);
  const rating = new Float64Array(rows);
  const seen = new Set<number>();
  for (let i = 0; i < rows;) {
    const u = Math.floor(users * random() ** 1.6);
    const m = Math.floor(items * random() ** 2.2);
    if (seen.has(u * items + m)) continue;
    seen.add(u * items + m);
    user[i] = u;
    item[i] = m;
    rating[i++] = 1 + Math.floor(5 * random() ** 0.6);
  }
  return { user, item, rating };
}

function generate(workload: Workload): Columns {
  const { rows, columns, params } = workload;
  if (workload.name === "k-means") return blobs(rows, columns, params.k, 11);
  if (workload.name === "als") return ratings(rows, params.users, params.items, 12);
  return tabular(rows, columns, 13);
}

/** Path of the workload's Parquet, written on first use. Workloads of the same shape share one file. */
export async function dataPath(spark: SparkSession, workload: Workload, folder: string): Promise<string> {
  const kind = workload.name === "k-means" || workload.name === "als" ? workload.name : "tabular";
  const path = join(folder, `${kind}-${workload.rows}x${workload.columns}.parquet`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    await spark.createDataFrame(generate(workload), undefined, 4).write.mode("overwrite").parquet(path);
  }
  return path;
}
