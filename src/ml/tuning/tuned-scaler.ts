import { Vectors } from "../../linalg/index.js";
import { type Estimator, type Model, ParamMap } from "../base/index.js";
import { ClusteringEvaluator } from "../evaluation/index.js";
import { MinMaxScaler } from "../feature/index.js";

/** A small sweep for the contract tests of the tuners: how a scaling separates given clusters. */
export function tunedScaler() {
  const scaler = new MinMaxScaler({ inputCol: "features", outputCol: "scaled" });
  return {
    estimator: scaler as unknown as Estimator<Model>,
    estimatorParamMaps: [1, 2].map((max) => new ParamMap().put(scaler.max, max)),
    evaluator: new ClusteringEvaluator({ featuresCol: "scaled", predictionCol: "cluster" }),
  };
}

/** Two clusters of points, each in two folds. */
export const scalerRows = {
  schema: "features vector, cluster int, fold int",
  rows: Array.from({ length: 40 }, (_, i) => {
    const cluster = i % 2;
    return [Vectors.dense([10.5 * cluster + (i % 5), i % 3]), cluster, (i >> 1) % 2];
  }),
};
