import { UnsupportedOperationException, twoSidedProbability } from "../../common/index.js";
import { F, type DataFrame } from "../../sql/api/index.js";
import { doubleColumn } from "../base/index.js";
import { type RegressionMetrics, regressionMetrics } from "../evaluation/metrics/index.js";

export interface LinearSummaryValues {
  readonly predictions: DataFrame;
  readonly predictionCol: string;
  readonly labelCol: string;
  readonly featuresCol: string;
  readonly weightCol: string | undefined;
  readonly fitIntercept: boolean;
  /** Coefficients, then the intercept where one was fitted. */
  readonly estimates: readonly number[];
  readonly numFeatures: number;
  /** Diagonal of (A' W A)^-1; [0] when it is not known. */
  readonly diagInvAtWA: Float64Array;
}

/** Metrics of a linear model on a data set. What needs the data is computed when first asked for, and awaited. */
export class LinearRegressionSummary {
  /** The data with the model's predictions. */
  readonly predictions: DataFrame;
  readonly predictionCol: string;
  readonly labelCol: string;
  readonly featuresCol: string;
  private measured: Promise<RegressionMetrics> | undefined;
  private counted: Promise<number> | undefined;

  constructor(private readonly values: LinearSummaryValues) {
    this.predictions = values.predictions;
    this.predictionCol = values.predictionCol;
    this.labelCol = values.labelCol;
    this.featuresCol = values.featuresCol;
  }

  private get metrics(): Promise<RegressionMetrics> {
    const { predictionCol, labelCol } = this;
    const { weightCol, fitIntercept } = this.values;
    const request = { predictionCol, labelCol, weightCol, throughOrigin: !fitIntercept };
    return (this.measured ??= regressionMetrics(this.predictions, request));
  }

  get explainedVariance(): Promise<number> {
    return this.metrics.then((m) => m.explainedVariance);
  }
  get meanAbsoluteError(): Promise<number> {
    return this.metrics.then((m) => m.meanAbsoluteError);
  }
  get meanSquaredError(): Promise<number> {
    return this.metrics.then((m) => m.meanSquaredError);
  }
  get rootMeanSquaredError(): Promise<number> {
    return this.metrics.then((m) => m.rootMeanSquaredError);
  }
  get r2(): Promise<number> {
    return this.metrics.then((m) => m.r2);
  }
  /** R² adjusted for the number of coefficients. */
  get r2adj(): Promise<number> {
    return this.adjusted();
  }
  private async adjusted(): Promise<number> {
    const [n, r2] = [await this.numInstances, await this.r2];
    const intercept = this.values.fitIntercept ? 1 : 0;
    return 1 - ((1 - r2) * (n - intercept)) / (n - this.values.numFeatures - intercept);
  }
  get numInstances(): Promise<number> {
    return (this.counted ??= this.predictions.count());
  }
  get degreesOfFreedom(): Promise<number> {
    const { numFeatures, fitIntercept } = this.values;
    return this.numInstances.then((n) => n - numFeatures - (fitIntercept ? 1 : 0));
  }

  private get residual() {
    return doubleColumn(this.labelCol).minus(doubleColumn(this.predictionCol));
  }
  /** Label minus prediction, in a column `residuals`. */
  get residuals(): DataFrame {
    return this.predictions.select(this.residual.alias("residuals"));
  }
  private get weight() {
    const { weightCol } = this.values;
    return weightCol ? doubleColumn(weightCol) : F.lit(1);
  }
  /** Smallest and largest weighted residual. */
  get devianceResiduals(): Promise<number[]> {
    return this.extremes();
  }
  private async extremes(): Promise<number[]> {
    const weighted = this.predictions.select(this.residual.multiply(F.sqrt(this.weight)).alias("r"));
    const row = await weighted.agg(F.min("r").alias("least"), F.max("r").alias("most")).first();
    return [row?.get("least") as number, row?.get("most") as number];
  }

  /** Standard errors of coefficients and intercept; only the normal equations give them. */
  get coefficientStandardErrors(): Promise<number[]> {
    return this.standardErrors("Std. Error of coefficients");
  }
  private async standardErrors(what: string): Promise<number[]> {
    const { diagInvAtWA } = this.values;
    if (diagInvAtWA.length === 1 && diagInvAtWA[0] === 0) {
      throw new UnsupportedOperationException(
        `No ${what} available for this LinearRegressionModel; fit with solver "normal" and without an L1 penalty.`,
      );
    }
    const squared = this.residual.multiply(this.residual).multiply(this.weight);
    const row = await this.predictions.agg(F.sum(squared).alias("rss")).first();
    const variance = (row?.get("rss") as number) / (await this.degreesOfFreedom);
    return Array.from(diagInvAtWA, (v) => Math.sqrt(v * variance));
  }
  /** Estimates over their standard errors. */
  get tValues(): Promise<number[]> {
    return this.tStatistics("t-statistic");
  }
  private async tStatistics(what: string): Promise<number[]> {
    const errors = await this.standardErrors(what);
    return this.values.estimates.map((estimate, i) => estimate / errors[i]);
  }
  /** Two-sided p-values of coefficients and intercept. */
  get pValues(): Promise<number[]> {
    return this.probabilities();
  }
  private async probabilities(): Promise<number[]> {
    const freedom = await this.degreesOfFreedom;
    return (await this.tStatistics("p-value")).map((t) => twoSidedProbability(t, freedom));
  }
}

/** Metrics on the training data, and how the optimization went. */
export class LinearRegressionTrainingSummary extends LinearRegressionSummary {
  constructor(
    values: LinearSummaryValues,
    /** Objective at the start and after each iteration; [0] where the equations were solved directly. */
    readonly objectiveHistory: readonly number[],
  ) {
    super(values);
  }
  get totalIterations(): number {
    return this.objectiveHistory.length - 1;
  }
}
