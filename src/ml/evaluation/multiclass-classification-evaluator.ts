import { IllegalArgumentException } from "../../common/index.js";
import { Vectors } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { doubleType, type StructType, VectorUDT } from "../../sql/types/index.js";
import {
  checkColumnType,
  checkNumericColumn,
  declareParams,
  defineStage,
  doubleParam,
  Evaluator,
  fieldOf,
  gt,
  gtEq,
  hasLabelCol,
  hasPredictionCol,
  hasProbabilityCol,
  hasWeightCol,
  inRange,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  scalaTypeName,
  stringParam,
} from "../base/index.js";
import { type MulticlassMetrics, multiclassMetrics } from "./metrics/index.js";

interface MetricParams {
  readonly label: number;
  readonly beta: number;
}

const metrics: Readonly<Record<string, (of: MulticlassMetrics, given: MetricParams) => number>> = {
  f1: (of) => of.weightedFMeasure(),
  accuracy: (of) => of.accuracy,
  weightedPrecision: (of) => of.weightedPrecision,
  weightedRecall: (of) => of.weightedRecall,
  weightedTruePositiveRate: (of) => of.weightedTruePositiveRate,
  weightedFalsePositiveRate: (of) => of.weightedFalsePositiveRate,
  weightedFMeasure: (of, { beta }) => of.weightedFMeasure(beta),
  truePositiveRateByLabel: (of, { label }) => of.truePositiveRate(label),
  falsePositiveRateByLabel: (of, { label }) => of.falsePositiveRate(label),
  precisionByLabel: (of, { label }) => of.precision(label),
  recallByLabel: (of, { label }) => of.recall(label),
  fMeasureByLabel: (of, { label, beta }) => of.fMeasure(label, beta),
  hammingLoss: (of) => of.hammingLoss,
  logLoss: (of) => of.logLoss as number,
};
const smallerIsBetter = ["weightedFalsePositiveRate", "falsePositiveRateByLabel", "logLoss", "hammingLoss"];

const params = declareParams({
  ...hasPredictionCol,
  ...hasLabelCol,
  ...hasWeightCol,
  ...hasProbabilityCol,
  metricName: stringParam(`Metric: ${Object.keys(metrics).join(", ")}.`, {
    default: "f1",
    valid: oneOf(...Object.keys(metrics)),
  }),
  metricLabel: doubleParam("Class of the metrics by label (>= 0).", { default: 0, valid: gtEq(0) }),
  beta: doubleParam("Weight of recall against precision in weightedFMeasure and fMeasureByLabel (> 0).", {
    default: 1,
    valid: gt(0),
  }),
  eps: doubleParam("Distance from 0 and 1 that log loss keeps probabilities, in (0, 0.5).", {
    default: 1e-15,
    valid: inRange(0, 0.5, { low: false, high: false }),
  }),
});

/** Metrics of predicted classes. */
export interface MulticlassClassificationEvaluator extends ParamAccess<
  typeof params,
  MulticlassClassificationEvaluator
> {}
export class MulticlassClassificationEvaluator extends Evaluator {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override isLargerBetter(): boolean {
    return !smallerIsBetter.includes(this.getMetricName());
  }

  protected override async metric(df: DataFrame): Promise<number> {
    const [predictionCol, labelCol, metricName] = [this.getPredictionCol(), this.getLabelCol(), this.getMetricName()];
    const weightCol = this.get("weightCol") as string | undefined;
    const schema = await df.schema();
    checkColumnType(schema, predictionCol, doubleType);
    checkNumericColumn(schema, labelCol);
    if (weightCol) checkNumericColumn(schema, weightCol);
    const logLoss = metricName === "logLoss" ? this.logLoss(schema) : undefined;
    const counted = await multiclassMetrics(df, {
      predictionCol,
      labelCol,
      weightCol,
      ...(logLoss ? { logLoss } : {}),
    });
    return metrics[metricName](counted, { label: this.getMetricLabel(), beta: this.getBeta() });
  }

  private logLoss(schema: StructType): { readonly probabilityCol: string; readonly eps: number } {
    const probabilityCol = this.getProbabilityCol();
    const { dataType } = fieldOf(schema, probabilityCol);
    if (!(dataType instanceof VectorUDT)) {
      throw new IllegalArgumentException(
        `${scalaTypeName(dataType)} column cannot be cast to Vector; set probabilityCol to a column of vectors`,
      );
    }
    return { probabilityCol, eps: this.getEps() };
  }
}

defineStage(MulticlassClassificationEvaluator, {
  javaClass: "org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator",
  params,
  testCases: [
    {
      schema: "prediction double, label double",
      rows: [
        [0, 0],
        [1, 2],
        [2, 2],
        [1, 1],
        [0, 1],
      ],
    },
    {
      params: { metricName: "logLoss", weightCol: "w" },
      schema: "prediction double, label int, probability vector, w double",
      rows: [
        [0, 0, Vectors.dense([0.75, 0.25]), 1],
        [1, 0, Vectors.dense([0.25, 0.75]), 2.5],
        [1, 1, Vectors.dense([0, 1]), 1],
      ],
    },
  ],
});
