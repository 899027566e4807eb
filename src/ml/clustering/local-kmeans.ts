import { JavaRandom } from "../../common/index.js";

const squaredDistance = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let f = 0; f < a.length; f++) sum += (a[f] - b[f]) * (a[f] - b[f]);
  return sum;
};

/**
 * k-means++ over a few weighted candidates, then Lloyd's iterations among them: how Spark's k-means|| (Bahmani et al. 2012)
 * picks its `k` centres. The distance is always the Euclidean one.
 */
export function localKMeans(
  points: readonly Float64Array[],
  weights: Float64Array,
  k: number,
  maxIterations: number,
): Float64Array[] {
  const random = new JavaRandom(0);
  const centers = [pickWeighted(random, points, weights)];
  const costs = points.map((point) => squaredDistance(point, centers[0]));
  while (centers.length < k) {
    let total = 0;
    for (let i = 0; i < costs.length; i++) total += costs[i] * weights[i];
    const target = random.nextDouble() * total;
    let score = 0;
    let next = 0;
    while (next < points.length && score < target) {
      score += weights[next] * costs[next];
      next++;
    }
    const center = points[Math.max(0, next - 1)];
    centers.push(center);
    points.forEach((point, i) => (costs[i] = Math.min(squaredDistance(point, center), costs[i])));
  }
  return refine(points, weights, centers, maxIterations, random);
}

function pickWeighted(random: JavaRandom, points: readonly Float64Array[], weights: Float64Array): Float64Array {
  const target = random.nextDouble() * weights.reduce((sum, weight) => sum + weight, 0);
  let i = 0;
  let reached = 0;
  while (i < points.length && reached < target) reached += weights[i++];
  return points[Math.max(0, i - 1)];
}

function refine(
  points: readonly Float64Array[],
  weights: Float64Array,
  start: readonly Float64Array[],
  maxIterations: number,
  random: JavaRandom,
): Float64Array[] {
  let centers = [...start];
  const closest = new Int32Array(points.length).fill(-1);
  let moved = true;
  for (let iteration = 0; moved && iteration < maxIterations; iteration++) {
    moved = false;
    const counts = new Float64Array(centers.length);
    const sums = centers.map((center) => new Float64Array(center.length));
    points.forEach((point, i) => {
      const nearest = nearestTo(point, centers);
      for (let f = 0; f < point.length; f++) sums[nearest][f] += weights[i] * point[f];
      counts[nearest] += weights[i];
      if (nearest !== closest[i]) {
        moved = true;
        closest[i] = nearest;
      }
    });
    centers = centers.map((_, j) =>
      counts[j] === 0 ? points[random.nextInt(points.length)] : sums[j].map((sum) => sum * (1 / counts[j])),
    );
  }
  return centers;
}

function nearestTo(point: Float64Array, centers: readonly Float64Array[]): number {
  let nearest = 0;
  let least = Infinity;
  for (let j = 0; j < centers.length; j++) {
    const distance = squaredDistance(centers[j], point);
    if (distance < least) {
      least = distance;
      nearest = j;
    }
  }
  return nearest;
}
