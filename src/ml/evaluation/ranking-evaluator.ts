import type { DataFrame } from "../../sql/api/index.js";
import { ArrayType, doubleType } from "../../sql/types/index.js";
import {
  checkColumnTypes,
  declareParams,
  defineStage,
  Evaluator,
  gtEq,
  hasLabelCol,
  hasPredictionCol,
  intParam,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  stringParam,
} from "../base/index.js";
import { type RankingMetric, rankingMetric } from "./metrics/index.js";

const params = declareParams({
  ...hasPredictionCol,
  ...hasLabelCol,
  metricName: stringParam(
    "Metric: meanAveragePrecision, meanAveragePrecisionAtK, precisionAtK, ndcgAtK or recallAtK.",
    {
      default: "meanAveragePrecision",
      valid: oneOf("meanAveragePrecision", "meanAveragePrecisionAtK", "precisionAtK", "ndcgAtK", "recallAtK"),
    },
  ),
  k: intParam("Number of predictions that the metrics at k look at (>= 1).", { default: 10, valid: gtEq(1) }),
});

/** Metrics of recommended items (an array of doubles, best first) against the relevant ones. */
export interface RankingEvaluator extends ParamAccess<typeof params, RankingEvaluator> {}
export class RankingEvaluator extends Evaluator {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  protected override async metric(df: DataFrame): Promise<number> {
    const [predictionCol, labelCol] = [this.getPredictionCol(), this.getLabelCol()];
    const schema = await df.schema();
    const arrays = [new ArrayType(doubleType, false), new ArrayType(doubleType, true)];
    checkColumnTypes(schema, predictionCol, arrays);
    checkColumnTypes(schema, labelCol, arrays);
    const metricName = this.getMetricName() as RankingMetric;
    return rankingMetric(df, { predictionCol, labelCol, metricName, k: this.getK() });
  }
}

defineStage(RankingEvaluator, {
  javaClass: "org.apache.spark.ml.evaluation.RankingEvaluator",
  params,
  testCases: [
    {
      params: { metricName: "ndcgAtK", k: 2 },
      schema: "prediction array<double>, label array<double>",
      rows: [
        [
          [1, 6, 2],
          [1, 2, 3],
        ],
        [[4, 1], [1]],
        [[1, 2], []],
      ],
    },
  ],
});
