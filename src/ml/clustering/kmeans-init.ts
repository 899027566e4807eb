import { IllegalArgumentException, XORShiftRandom } from "../../common/index.js";
import { localKMeans } from "./local-kmeans.js";
import type { KMeansPoints } from "./kmeans-points.js";
import { takeSample } from "./take-sample.js";

/** Iterations among the candidates of k-means||. */
const LOCAL_ITERATIONS = 30;

const noPoints = (): IllegalArgumentException =>
  new IllegalArgumentException("requirement failed: No samples available; KMeans needs at least one row to train on.");

/** `k` points picked at random, as Spark's `initMode = "random"`; fewer when points coincide. */
export async function randomCenters(points: KMeansPoints, k: number, seed: number | bigint): Promise<Float64Array[]> {
  const draw = new XORShiftRandom(seed).nextInt();
  const rows = takeSample(points.partitionSizes(), k, draw);
  if (rows.length === 0) throw noPoints();
  return distinct(await points.points(rows)).centers;
}

/**
 * k-means|| (Bahmani et al. 2012) with Spark's generators: `steps` times about 2k points are picked with a probability that
 * grows with their distance from what was picked before; k-means++ among the picked ones, weighted by the points they
 * attract, gives `k` centres. Fewer when there are not so many distinct points.
 */
export async function parallelCenters(
  points: KMeansPoints,
  k: number,
  steps: number,
  seed: number | bigint,
): Promise<Float64Array[]> {
  const draw = new XORShiftRandom(seed).nextInt();
  const [first] = takeSample(points.partitionSizes(), 1, draw);
  if (first === undefined) throw noPoints();
  const picked = await points.points([first]);
  let added = picked.slice();
  let total = 0;
  for (let step = 0; step < steps; step++) {
    if (added.length > 0) total = await points.lowerCosts(flat(added));
    added = await points.sample(draw ^ (step << 16), k, total);
    picked.push(...added);
  }
  const { centers, indexOf } = distinct(picked);
  if (centers.length <= k) return centers;
  await points.lowerCosts(flat(added));
  const weights = new Float64Array(centers.length);
  (await points.countNearest(picked.length)).forEach((count, i) => (weights[indexOf[i]] += count));
  return localKMeans(centers, weights, k, LOCAL_ITERATIONS);
}

/** One array of all centres, one after the other. */
export function flat(centers: readonly Float64Array[]): Float64Array {
  const size = centers[0]?.length ?? 0;
  const out = new Float64Array(centers.length * size);
  centers.forEach((center, i) => out.set(center, i * size));
  return out;
}

function distinct(points: readonly Float64Array[]): { centers: Float64Array[]; indexOf: number[] } {
  const known = new Map<string, number>();
  const centers: Float64Array[] = [];
  const indexOf = points.map((point) => {
    // -0 equals 0, as in Scala's comparison of vectors.
    const key = point.map((value) => value + 0).join(",");
    const at = known.get(key) ?? centers.push(point) - 1;
    known.set(key, at);
    return at;
  });
  return { centers, indexOf };
}
