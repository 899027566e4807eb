import type { DataFrame } from "../../sql/api/index.js";
import { namedColumn } from "../base/index.js";

export interface ClusteringSummaryValues {
  /** The training data with the model's predictions. */
  readonly predictions: DataFrame;
  readonly predictionCol: string;
  readonly featuresCol: string;
  readonly k: number;
  readonly numIter: number;
  /** Number of points of each cluster, `k` entries. */
  readonly clusterSizes: readonly number[];
}

/** What a clustering algorithm reports about its training. */
export class ClusteringSummary {
  readonly predictions: DataFrame;
  readonly predictionCol: string;
  readonly featuresCol: string;
  /** Number of clusters asked for. */
  readonly k: number;
  readonly numIter: number;
  /** Number of points of each cluster. */
  readonly clusterSizes: readonly number[];

  constructor(values: ClusteringSummaryValues) {
    this.predictions = values.predictions;
    this.predictionCol = values.predictionCol;
    this.featuresCol = values.featuresCol;
    this.k = values.k;
    this.numIter = values.numIter;
    this.clusterSizes = values.clusterSizes;
  }

  /** The cluster of each point: the prediction column alone. */
  get cluster(): DataFrame {
    return this.predictions.select(namedColumn(this.predictionCol));
  }
}

/** Summary of a k-means fit. */
export class KMeansSummary extends ClusteringSummary {
  constructor(
    values: ClusteringSummaryValues,
    /** Weighted sum of the points' distances to their centres in the last iteration, before the centres moved. */
    readonly trainingCost: number,
  ) {
    super(values);
  }
}
