import type { DataFrame } from "../../sql/api/index.js";
import { doubleType, floatType } from "../../sql/types/index.js";
import {
  booleanParam,
  checkColumnTypes,
  checkNumericColumn,
  declareParams,
  defineStage,
  Evaluator,
  hasLabelCol,
  hasPredictionCol,
  hasWeightCol,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  stringParam,
} from "../base/index.js";
import { type RegressionMetrics, regressionMetrics } from "./metrics/index.js";

const metrics: Readonly<Record<string, (of: RegressionMetrics) => number>> = {
  rmse: (of) => of.rootMeanSquaredError,
  mse: (of) => of.meanSquaredError,
  r2: (of) => of.r2,
  mae: (of) => of.meanAbsoluteError,
  var: (of) => of.explainedVariance,
};

const params = declareParams({
  ...hasPredictionCol,
  ...hasLabelCol,
  ...hasWeightCol,
  metricName: stringParam("Metric: rmse, mse, r2, mae or var (explained variance).", {
    default: "rmse",
    valid: oneOf(...Object.keys(metrics)),
  }),
  throughOrigin: booleanParam("Whether r2 is that of a regression through the origin.", { default: false }),
});

/** Metrics of predicted numbers. */
export interface RegressionEvaluator extends ParamAccess<typeof params, RegressionEvaluator> {}
export class RegressionEvaluator extends Evaluator {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override isLargerBetter(): boolean {
    return ["r2", "var"].includes(this.getMetricName());
  }

  protected override async metric(df: DataFrame): Promise<number> {
    const [predictionCol, labelCol] = [this.getPredictionCol(), this.getLabelCol()];
    const weightCol = this.get("weightCol") as string | undefined;
    const schema = await df.schema();
    checkColumnTypes(schema, predictionCol, [doubleType, floatType]);
    checkNumericColumn(schema, labelCol);
    if (weightCol) checkNumericColumn(schema, weightCol);
    const throughOrigin = this.getThroughOrigin();
    return metrics[this.getMetricName()](
      await regressionMetrics(df, { predictionCol, labelCol, weightCol, throughOrigin }),
    );
  }
}

defineStage(RegressionEvaluator, {
  javaClass: "org.apache.spark.ml.evaluation.RegressionEvaluator",
  params,
  testCases: [
    {
      schema: "prediction double, label double",
      rows: [
        [1.5, 1],
        [2, 2.5],
        [3.5, 3],
        [-1, 0.5],
      ],
    },
    {
      params: { metricName: "r2", weightCol: "w" },
      schema: "prediction float, label int, w int",
      rows: [
        [1.5, 1, 1],
        [2, 2, 2],
        [3.5, 3, 0],
      ],
    },
  ],
});
