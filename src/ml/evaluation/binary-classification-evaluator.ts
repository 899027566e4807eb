import { UnsupportedOperationException } from "../../common/index.js";
import { Vectors } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { doubleType, vectorType } from "../../sql/types/index.js";
import {
  checkColumnTypes,
  checkNumericColumn,
  declareParams,
  defineStage,
  Evaluator,
  gtEq,
  hasLabelCol,
  hasRawPredictionCol,
  hasWeightCol,
  intParam,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  stringParam,
} from "../base/index.js";
import { binaryAreas } from "./metrics/index.js";

const params = declareParams({
  ...hasRawPredictionCol,
  ...hasLabelCol,
  ...hasWeightCol,
  metricName: stringParam("Metric: areaUnderROC or areaUnderPR.", {
    default: "areaUnderROC",
    valid: oneOf("areaUnderROC", "areaUnderPR"),
  }),
  numBins: intParam("Points to which the curves are reduced, about (>= 0); 0 keeps all.", {
    default: 1000,
    valid: gtEq(0),
  }),
});

/** Area under the ROC or the precision-recall curve of binary scores: a double column, or element 1 of a vector. */
export interface BinaryClassificationEvaluator extends ParamAccess<typeof params, BinaryClassificationEvaluator> {}
export class BinaryClassificationEvaluator extends Evaluator {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  protected override async metric(df: DataFrame): Promise<number> {
    const [scoreCol, labelCol] = [this.getRawPredictionCol(), this.getLabelCol()];
    const weightCol = this.get("weightCol") as string | undefined;
    const schema = await df.schema();
    checkColumnTypes(schema, scoreCol, [doubleType, vectorType]);
    checkNumericColumn(schema, labelCol);
    if (weightCol) checkNumericColumn(schema, weightCol);
    const { roc, pr } = await binaryAreas(df, { scoreCol, labelCol, weightCol, numBins: this.getNumBins() });
    if (this.getMetricName() === "areaUnderROC") return roc;
    if (Number.isNaN(pr)) throw new UnsupportedOperationException("empty collection: there is no row to evaluate");
    return pr;
  }
}

defineStage(BinaryClassificationEvaluator, {
  javaClass: "org.apache.spark.ml.evaluation.BinaryClassificationEvaluator",
  params,
  testCases: [
    {
      params: { weightCol: "w" },
      schema: "rawPrediction double, label double, w double",
      rows: [
        [0.1, 0, 1],
        [0.4, 0, 2],
        [0.35, 1, 0.5],
        [0.8, 1, 1],
        [0.35, 0, 1.5],
      ],
    },
    {
      params: { metricName: "areaUnderPR", numBins: 0 },
      schema: "rawPrediction vector, label int",
      rows: [
        [Vectors.dense([0.5, -0.5]), 0],
        [Vectors.dense([-1, 1]), 1],
        [Vectors.dense([0, 0.5]), 0],
      ],
    },
  ],
});
