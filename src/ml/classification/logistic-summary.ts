import type { DataFrame } from "../../sql/api/index.js";
import {
  type BinaryClassificationMetrics,
  binaryClassificationMetrics,
  type CurvePoint,
  type MulticlassMetrics,
  multiclassMetrics,
} from "../evaluation/metrics/index.js";

export interface LogisticSummaryValues {
  readonly predictions: DataFrame;
  readonly predictionCol: string;
  readonly probabilityCol: string;
  readonly labelCol: string;
  readonly featuresCol: string;
  /** As Spark names it when no weight column is set: `weightCol`, which counts if the data has such a column. */
  readonly weightCol: string;
}

/** Metrics of a classifier on a data set. What needs the data is computed once, when first asked for, and awaited. */
export class LogisticRegressionSummary {
  /** The data with the model's predictions. */
  readonly predictions: DataFrame;
  readonly predictionCol: string;
  readonly probabilityCol: string;
  readonly labelCol: string;
  readonly featuresCol: string;
  readonly weightCol: string;
  private counted: Promise<MulticlassMetrics> | undefined;

  constructor(values: LogisticSummaryValues) {
    this.predictions = values.predictions;
    this.predictionCol = values.predictionCol;
    this.probabilityCol = values.probabilityCol;
    this.labelCol = values.labelCol;
    this.featuresCol = values.featuresCol;
    this.weightCol = values.weightCol;
  }

  private get metrics(): Promise<MulticlassMetrics> {
    return (this.counted ??= this.count());
  }
  private async count(): Promise<MulticlassMetrics> {
    const { predictionCol, labelCol } = this;
    return multiclassMetrics(this.predictions, { predictionCol, labelCol, weightCol: await this.presentWeightCol() });
  }
  protected async presentWeightCol(): Promise<string | undefined> {
    return (await this.predictions.columns()).includes(this.weightCol) ? this.weightCol : undefined;
  }
  private async byLabel(metric: (metrics: MulticlassMetrics, label: number) => number): Promise<number[]> {
    const metrics = await this.metrics;
    return metrics.labels.map((label) => metric(metrics, label));
  }

  /** Labels that occur, ascending. */
  get labels(): Promise<readonly number[]> {
    return this.metrics.then((m) => m.labels);
  }
  get accuracy(): Promise<number> {
    return this.metrics.then((m) => m.accuracy);
  }
  get truePositiveRateByLabel(): Promise<number[]> {
    return this.byLabel((m, label) => m.truePositiveRate(label));
  }
  get falsePositiveRateByLabel(): Promise<number[]> {
    return this.byLabel((m, label) => m.falsePositiveRate(label));
  }
  get precisionByLabel(): Promise<number[]> {
    return this.byLabel((m, label) => m.precision(label));
  }
  get recallByLabel(): Promise<number[]> {
    return this.byLabel((m, label) => m.recall(label));
  }
  fMeasureByLabel(beta = 1): Promise<number[]> {
    return this.byLabel((m, label) => m.fMeasure(label, beta));
  }
  get weightedTruePositiveRate(): Promise<number> {
    return this.metrics.then((m) => m.weightedTruePositiveRate);
  }
  get weightedFalsePositiveRate(): Promise<number> {
    return this.metrics.then((m) => m.weightedFalsePositiveRate);
  }
  get weightedRecall(): Promise<number> {
    return this.metrics.then((m) => m.weightedRecall);
  }
  get weightedPrecision(): Promise<number> {
    return this.metrics.then((m) => m.weightedPrecision);
  }
  weightedFMeasure(beta = 1): Promise<number> {
    return this.metrics.then((m) => m.weightedFMeasure(beta));
  }
}

/** Metrics of a binary classifier, with its curves. Curves are data frames, as in Spark. */
export class BinaryLogisticRegressionSummary extends LogisticRegressionSummary {
  private curve: Promise<BinaryClassificationMetrics> | undefined;

  /** Column that holds the score: the probability of class 1. */
  get scoreCol(): string {
    return this.probabilityCol;
  }
  private get binary(): Promise<BinaryClassificationMetrics> {
    return (this.curve ??= this.measure());
  }
  private async measure(): Promise<BinaryClassificationMetrics> {
    const { scoreCol, labelCol } = this;
    const weightCol = await this.presentWeightCol();
    return binaryClassificationMetrics(this.predictions, { scoreCol, labelCol, weightCol, numBins: 0 });
  }
  private async frame(
    points: (metrics: BinaryClassificationMetrics) => readonly CurvePoint[],
    x: string,
    y: string,
  ): Promise<DataFrame> {
    const schema = `${x} double, ${y} double`;
    return this.predictions.sparkSession.createDataFrame(points(await this.binary), schema, 1);
  }

  get areaUnderROC(): Promise<number> {
    return this.binary.then((m) => m.areaUnderROC);
  }
  /** FPR, TPR. */
  get roc(): Promise<DataFrame> {
    return this.frame((m) => m.roc, "FPR", "TPR");
  }
  /** recall, precision. */
  get pr(): Promise<DataFrame> {
    return this.frame((m) => m.pr, "recall", "precision");
  }
  /** threshold, F-Measure. */
  get fMeasureByThreshold(): Promise<DataFrame> {
    return this.frame((m) => m.fMeasureByThreshold(), "threshold", "`F-Measure`");
  }
  /** threshold, precision. */
  get precisionByThreshold(): Promise<DataFrame> {
    return this.frame((m) => m.precisionByThreshold(), "threshold", "precision");
  }
  /** threshold, recall. */
  get recallByThreshold(): Promise<DataFrame> {
    return this.frame((m) => m.recallByThreshold(), "threshold", "recall");
  }
}

/** Metrics on the training data, and how the optimization went. */
export class LogisticRegressionTrainingSummary extends LogisticRegressionSummary {
  constructor(
    values: LogisticSummaryValues,
    /** Objective (scaled loss + regularization) at the start and after each iteration. */
    readonly objectiveHistory: readonly number[],
  ) {
    super(values);
  }
  get totalIterations(): number {
    return this.objectiveHistory.length - 1;
  }
}

export class BinaryLogisticRegressionTrainingSummary extends BinaryLogisticRegressionSummary {
  constructor(
    values: LogisticSummaryValues,
    /** Objective (scaled loss + regularization) at the start and after each iteration. */
    readonly objectiveHistory: readonly number[],
  ) {
    super(values);
  }
  get totalIterations(): number {
    return this.objectiveHistory.length - 1;
  }
}
