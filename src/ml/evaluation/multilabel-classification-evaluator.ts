import type { DataFrame } from "../../sql/api/index.js";
import { ArrayType, doubleType } from "../../sql/types/index.js";
import {
  checkColumnTypes,
  declareParams,
  defineStage,
  doubleParam,
  Evaluator,
  gtEq,
  hasLabelCol,
  hasPredictionCol,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  stringParam,
} from "../base/index.js";
import { type MultilabelMetrics, multilabelMetrics } from "./metrics/index.js";

const metrics: Readonly<Record<string, (of: MultilabelMetrics, label: number) => number>> = {
  subsetAccuracy: (of) => of.subsetAccuracy,
  accuracy: (of) => of.accuracy,
  hammingLoss: (of) => of.hammingLoss,
  precision: (of) => of.precision,
  recall: (of) => of.recall,
  f1Measure: (of) => of.f1Measure,
  precisionByLabel: (of, label) => of.precisionByLabel(label),
  recallByLabel: (of, label) => of.recallByLabel(label),
  f1MeasureByLabel: (of, label) => of.f1MeasureByLabel(label),
  microPrecision: (of) => of.microPrecision,
  microRecall: (of) => of.microRecall,
  microF1Measure: (of) => of.microF1Measure,
};

const params = declareParams({
  ...hasPredictionCol,
  ...hasLabelCol,
  metricName: stringParam(`Metric: ${Object.keys(metrics).join(", ")}.`, {
    default: "f1Measure",
    valid: oneOf(...Object.keys(metrics)),
  }),
  metricLabel: doubleParam("Label of the metrics by label (>= 0).", { default: 0, valid: gtEq(0) }),
});

/** Metrics of predicted label sets, given as arrays of double. */
export interface MultilabelClassificationEvaluator extends ParamAccess<
  typeof params,
  MultilabelClassificationEvaluator
> {}
export class MultilabelClassificationEvaluator extends Evaluator {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override isLargerBetter(): boolean {
    return this.getMetricName() !== "hammingLoss";
  }

  protected override async metric(df: DataFrame): Promise<number> {
    const [predictionCol, labelCol] = [this.getPredictionCol(), this.getLabelCol()];
    const schema = await df.schema();
    const arrays = [new ArrayType(doubleType, false), new ArrayType(doubleType, true)];
    checkColumnTypes(schema, predictionCol, arrays);
    checkColumnTypes(schema, labelCol, arrays);
    const counted = await multilabelMetrics(df, { predictionCol, labelCol });
    return metrics[this.getMetricName()](counted, this.getMetricLabel());
  }
}

defineStage(MultilabelClassificationEvaluator, {
  javaClass: "org.apache.spark.ml.evaluation.MultilabelClassificationEvaluator",
  params,
  testCases: [
    {
      schema: "prediction array<double>, label array<double>",
      rows: [
        [
          [0, 1],
          [0, 2],
        ],
        [[2], [2]],
        [[0, 1, 2], [0]],
      ],
    },
  ],
});
