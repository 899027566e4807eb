import type { Batch } from "../../../columnar/index.js";
import { NoSuchElementException, SparkException } from "../../../common/index.js";
import { definePartitionFunction } from "../../../exec/index.js";
import type { DataFrame } from "../../../sql/api/index.js";
import { checkWeight, doubleColumn, doublesOf, featureRows, type FeatureRows, namedColumn } from "../../base/index.js";

export type SilhouetteDistance = "squaredEuclidean" | "cosine";
export interface SilhouetteRequest {
  readonly featuresCol: string;
  readonly predictionCol: string;
  readonly weightCol?: string | undefined;
  readonly distanceMeasure: SilhouetteDistance;
}

/** Sums over the points of one cluster; for cosine the points are scaled to length 1 first. */
interface ClusterSums {
  readonly cluster: number;
  weight: number;
  squaredNorms: number;
  readonly features: Float64Array;
}

/**
 * Mean silhouette in two passes over the data: sums by cluster, then each point's score from these sums alone
 * (Spark's formulation: the average distance to a cluster follows from its sums).
 */
export async function silhouette(df: DataFrame, request: SilhouetteRequest): Promise<number> {
  const { featuresCol, predictionCol, weightCol, distanceMeasure } = request;
  const columns = [namedColumn(featuresCol), doubleColumn(predictionCol)];
  if (weightCol) columns.push(doubleColumn(weightCol));
  const points = df.select(...columns);
  const parts = await points.runPartitions<ClusterSums[]>(sumClusters.name, { distanceMeasure });
  const clusters = mergeClusters(parts.flat());
  if (clusters.length === 0) throw new NoSuchElementException("head of empty array: there is no row to evaluate");
  if (clusters.length === 1) throw new SparkException("assertion failed: Number of clusters must be greater than one.");
  const scores = await points.runPartitions<Score>(scorePoints.name, { distanceMeasure, clusters });
  const total = (of: (score: Score) => number): number => scores.reduce((sum, score) => sum + of(score), 0);
  return total((score) => score.sum) / total((score) => score.weight);
}

function mergeClusters(all: readonly ClusterSums[]): ClusterSums[] {
  const merged = new Map<number, ClusterSums>();
  for (const part of all) {
    const into = merged.get(part.cluster);
    if (!into) {
      merged.set(part.cluster, { ...part, features: part.features.slice() });
      continue;
    }
    into.weight += part.weight;
    into.squaredNorms += part.squaredNorms;
    part.features.forEach((value, j) => (into.features[j] += value));
  }
  return [...merged.values()];
}

interface Points {
  readonly rows: FeatureRows;
  readonly clusters: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly squaredNorms: Float64Array;
}

/** Rows of a batch; for cosine scaled to length 1. */
function readPoints({ columns, numRows }: Batch, distance: SilhouetteDistance): Points {
  const rows = featureRows(columns[0], numRows, { size: -1, allowNonFinite: false });
  const squaredNorms = new Float64Array(numRows);
  forEachStored(rows, (row, _index, value) => (squaredNorms[row] += value * value));
  if (distance === "cosine") {
    const scale = squaredNorms.map((norm) => 1 / Math.sqrt(norm));
    let k = 0;
    forEachStored(rows, (row, _index, value) => (rows.values[k++] = value * scale[row]));
  }
  const weights = columns[2] && doublesOf(columns[2], numRows);
  weights?.forEach(checkWeight);
  return { rows, clusters: doublesOf(columns[1], numRows), weights, squaredNorms };
}

/** Visits the stored values in storage order. */
function forEachStored(rows: FeatureRows, visit: (row: number, index: number, value: number) => void): void {
  let k = 0;
  for (let row = 0; row < rows.rows; row++) {
    const end = rows.form === "dense" ? k + rows.size : rows.offsets[row + 1];
    for (let j = 0; k < end; k++, j++) visit(row, rows.form === "dense" ? j : rows.indices[k], rows.values[k]);
  }
}

interface Score {
  readonly sum: number;
  readonly weight: number;
}

const sumClusters = definePartitionFunction<{ readonly distanceMeasure: SilhouetteDistance }, ClusterSums[]>({
  name: "ml.evaluation.cluster-sums",
  async run({ distanceMeasure }, batches, context) {
    const sums = new Map<number, ClusterSums>();
    for await (const batch of batches) {
      context.checkCancelled();
      const { rows, clusters, weights, squaredNorms } = readPoints(batch, distanceMeasure);
      for (let i = 0; i < rows.rows; i++) {
        let sum = sums.get(clusters[i]);
        if (!sum) {
          sum = { cluster: clusters[i], weight: 0, squaredNorms: 0, features: new Float64Array(rows.size) };
          sums.set(clusters[i], sum);
        }
        const weight = weights ? weights[i] : 1;
        sum.weight += weight;
        sum.squaredNorms += weight * squaredNorms[i];
      }
      forEachStored(rows, (row, index, value) => {
        const sum = sums.get(clusters[row]) as ClusterSums;
        sum.features[index] += (weights ? weights[row] : 1) * value;
      });
    }
    return [...sums.values()];
  },
});

interface ScorePayload {
  readonly distanceMeasure: SilhouetteDistance;
  readonly clusters: readonly ClusterSums[];
}

const scorePoints = definePartitionFunction<ScorePayload, Score>({
  name: "ml.evaluation.silhouettes",
  async run({ distanceMeasure, clusters }, batches, context) {
    let sum = 0;
    let weightSum = 0;
    for await (const batch of batches) {
      context.checkCancelled();
      const points = readPoints(batch, distanceMeasure);
      const { rows, weights, squaredNorms } = points;
      const products = clusters.map(({ features }) => {
        const dots = new Float64Array(rows.rows);
        forEachStored(rows, (row, index, value) => (dots[row] += features[index] * value));
        return dots;
      });
      for (let i = 0; i < rows.rows; i++) {
        const averages = clusters.map((c, k) =>
          distanceMeasure === "cosine"
            ? 1 - products[k][i] / c.weight
            : squaredNorms[i] + c.squaredNorms / c.weight - (2 * products[k][i]) / c.weight,
        );
        const weight = weights ? weights[i] : 1;
        sum += weight * pointScore(clusters, averages, points.clusters[i], weight);
        weightSum += weight;
      }
    }
    return { sum, weight: weightSum };
  },
});

function pointScore(
  clusters: readonly ClusterSums[],
  averages: readonly number[],
  own: number,
  weight: number,
): number {
  let ownWeight = 0;
  let inside = 0;
  let outside = Infinity;
  clusters.forEach((cluster, k) => {
    if (cluster.cluster === own) {
      ownWeight = cluster.weight;
      inside = averages[k];
    } else if (averages[k] < outside) outside = averages[k];
  });
  // A cluster of one point has silhouette 0.
  if (ownWeight === weight) return 0;
  const current = (inside * ownWeight) / (ownWeight - weight);
  if (current < outside) return 1 - current / outside;
  return current > outside ? outside / current - 1 : 0;
}
