import { Vectors } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import {
  checkNumericColumn,
  checkVectorCompatible,
  declareParams,
  defineStage,
  Evaluator,
  hasFeaturesCol,
  hasPredictionCol,
  hasWeightCol,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  stringParam,
} from "../base/index.js";
import { silhouette, type SilhouetteDistance } from "./metrics/index.js";

const params = declareParams({
  ...hasPredictionCol,
  ...hasFeaturesCol,
  ...hasWeightCol,
  metricName: stringParam("Metric: silhouette.", { default: "silhouette", valid: oneOf("silhouette") }),
  distanceMeasure: stringParam("Distance between points: squaredEuclidean or cosine.", {
    default: "squaredEuclidean",
    valid: oneOf("squaredEuclidean", "cosine"),
  }),
});

/** Mean silhouette of a clustering, from -1 (wrong clusters) to 1 (far apart and tight). */
export interface ClusteringEvaluator extends ParamAccess<typeof params, ClusteringEvaluator> {}
export class ClusteringEvaluator extends Evaluator {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  protected override async metric(df: DataFrame): Promise<number> {
    const [featuresCol, predictionCol] = [this.getFeaturesCol(), this.getPredictionCol()];
    const weightCol = this.get("weightCol") as string | undefined;
    const schema = await df.schema();
    checkVectorCompatible(schema, featuresCol);
    checkNumericColumn(schema, predictionCol);
    if (weightCol) checkNumericColumn(schema, weightCol);
    const distanceMeasure = this.getDistanceMeasure() as SilhouetteDistance;
    return silhouette(df, { featuresCol, predictionCol, weightCol, distanceMeasure });
  }
}

defineStage(ClusteringEvaluator, {
  javaClass: "org.apache.spark.ml.evaluation.ClusteringEvaluator",
  params,
  testCases: [
    {
      schema: "features vector, prediction int",
      rows: [
        [Vectors.dense([0, 0.5]), 0],
        [Vectors.dense([0, 1]), 0],
        [Vectors.dense([9.5, 0]), 1],
        [Vectors.dense([8, 1]), 1],
      ],
    },
    {
      params: { distanceMeasure: "cosine", weightCol: "w" },
      schema: "features vector, prediction double, w double",
      rows: [
        [Vectors.dense([1, 0.5]), 0, 1],
        [Vectors.dense([2, 1.5]), 0, 2],
        [Vectors.dense([0.5, 5]), 1, 1.5],
      ],
    },
  ],
});
