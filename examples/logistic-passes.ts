// Logistic regression by gradient descent over a text file, with its points cached and read again on every pass:
// `kindling run examples/logistic-passes.ts [points] [features] [passes]`.
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { type RDD, SparkContext } from "kindling";

const [points = 200_000, features = 10, passes = 5] = process.argv.slice(2).map(Number);
const sc = SparkContext.getOrCreate();
const folder = mkdtempSync(join(tmpdir(), "logistic-passes-"));
const file = join(folder, "points.txt");

/** One line a point: the label, then the features. */
async function writePoints(): Promise<void> {
  const out = createWriteStream(file);
  let state = 42;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  for (let i = 0; i < points; i++) {
    const x = Array.from({ length: features }, random);
    const label = x.reduce((sum, value, j) => sum + value * (j % 2 === 0 ? 1 : -1), 0) > 0 ? 1 : 0;
    if (!out.write(`${label} ${x.map((value) => value.toFixed(6)).join(" ")}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

const parsed = (): RDD<number[]> => sc.textFile(file).map((line) => line.split(" ").map(Number));

/** Sum over all points of (prediction - label) * features, each partition on its own first. */
function gradient(data: RDD<number[]>, weights: readonly number[]): Promise<number[]> {
  return data
    .mapPartitions((rows) => {
      const sum = new Array<number>(weights.length).fill(0);
      for (const [label, ...x] of rows) {
        const margin = x.reduce((total, value, j) => total + value * weights[j], 0);
        const error = 1 / (1 + Math.exp(-margin)) - label;
        for (let j = 0; j < sum.length; j++) sum[j] += error * x[j];
      }
      return [sum];
    })
    .reduce((a, b) => a.map((value, j) => value + b[j]));
}

/** Weights after all passes, and milliseconds of each pass. */
async function descend(data: RDD<number[]>): Promise<{ weights: number[]; times: number[] }> {
  let weights = new Array<number>(features).fill(0);
  const times: number[] = [];
  for (let pass = 0; pass < passes; pass++) {
    const started = performance.now();
    const step = await gradient(data, weights);
    weights = weights.map((weight, j) => weight - (10 / points) * step[j]);
    times.push(performance.now() - started);
  }
  return { weights, times };
}

const shown = (times: readonly number[]): string => times.map((ms) => `${ms.toFixed(0)} ms`).join(", ");

try {
  await writePoints();
  const read = await descend(parsed());
  const cached = await descend(parsed().cache());
  console.log(`read again on every pass: ${shown(read.times)}`);
  console.log(`cached by the first pass: ${shown(cached.times)}`);
  const same = read.weights.every((weight, j) => Math.abs(weight - cached.weights[j]) < 1e-9);
  console.log(`weights ${same ? "agree" : "differ"}: ${cached.weights.map((weight) => weight.toFixed(4)).join(" ")}`);
} finally {
  await sc.stop();
  rmSync(folder, { recursive: true });
}
