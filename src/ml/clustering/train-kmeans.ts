import { flat, parallelCenters, randomCenters } from "./kmeans-init.js";
import { type KMeansPoints, normalized } from "./kmeans-points.js";

export interface KMeansSettings {
  readonly k: number;
  readonly initMode: string;
  readonly initSteps: number;
  readonly maxIter: number;
  readonly tol: number;
  readonly seed: number | bigint;
  /** Whether initial centres are brought to length 1 for the cosine distance, as Spark's block solver does. */
  readonly normalizeInitial: boolean;
}

export interface KMeansFit {
  readonly centers: readonly Float64Array[];
  readonly numIter: number;
  /** Weighted cost of the last iteration's assignment; 0 without iterations. */
  readonly trainingCost: number;
  readonly clusterSizes: readonly number[];
}

/** Finds initial centres and runs Lloyd's iterations until no centre moves farther than `tol`. */
export async function trainKMeans(
  points: KMeansPoints,
  settings: KMeansSettings,
  onIteration: (iteration: number) => void,
): Promise<KMeansFit> {
  const { k, initMode, initSteps, maxIter, tol, seed } = settings;
  const initial = await (initMode === "random"
    ? randomCenters(points, k, seed)
    : parallelCenters(points, k, initSteps, seed));
  const size = points.numFeatures;
  let centers: Float64Array = flat(initial);
  if (settings.normalizeInitial) centers = normalized(centers, size);
  let previous = centers;
  let iteration = 0;
  for (let converged = false; iteration < maxIter && !converged; iteration++) {
    const { weights, sums } = await points.step(centers, iteration === 0 ? undefined : previous);
    previous = centers;
    centers = centers.slice();
    converged = true;
    for (let j = 0; j < weights.length; j++) {
      if (!(weights[j] > 0)) continue;
      const center = centroid(sums.subarray(j * size, (j + 1) * size), weights[j], points.cosine);
      if (!within(previous.subarray(j * size, (j + 1) * size), center, tol, points.cosine)) converged = false;
      centers.set(center, j * size);
    }
    onIteration(iteration + 1);
  }
  const trainingCost = iteration === 0 ? 0 : await points.cost(previous);
  const clusterSizes = await points.sizes(centers);
  const count = initial.length;
  return {
    centers: Array.from({ length: count }, (_, j) => centers.slice(j * size, (j + 1) * size)),
    numIter: iteration,
    trainingCost,
    clusterSizes: Array.from({ length: k }, (_, j) => clusterSizes[j] ?? 0),
  };
}

function centroid(sum: Float64Array, weight: number, cosine: boolean): Float64Array {
  const mean = sum.map((value) => value * (1 / weight));
  return cosine ? normalized(mean, mean.length) : mean;
}

/** Whether a centre moved by at most `tol`: Euclidean distance, or the cosine one. */
function within(old: Float64Array, center: Float64Array, tol: number, cosine: boolean): boolean {
  if (!cosine) {
    let distance = 0;
    for (let f = 0; f < old.length; f++) distance += (old[f] - center[f]) ** 2;
    return distance <= tol * tol;
  }
  const from = normalized(old, old.length);
  const to = normalized(center, center.length);
  return 1 - from.reduce((sum, value, f) => sum + value * to[f], 0) <= tol;
}
