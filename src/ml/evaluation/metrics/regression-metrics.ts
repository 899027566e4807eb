import { definePartitionFunction } from "../../../exec/index.js";
import type { DataFrame } from "../../../sql/api/index.js";
import { checkWeight, doubleColumn, doublesOf, require } from "../../base/index.js";

export interface RegressionRequest {
  readonly predictionCol: string;
  readonly labelCol: string;
  readonly weightCol?: string | undefined;
  /** Whether R² is that of a regression through the origin. */
  readonly throughOrigin?: boolean;
}

/** Weighted sums from which all metrics follow; mean and spread of the label by Welford's updates, as in Spark. */
interface Moments {
  weight: number;
  squaredWeight: number;
  labelMean: number;
  /** Weighted sum of squared deviations of the label. */
  labelSpread: number;
  squaredLabel: number;
  predictionMean: number;
  squaredPrediction: number;
  squaredError: number;
  absoluteError: number;
}

const empty = (): Moments => ({
  weight: 0,
  squaredWeight: 0,
  labelMean: 0,
  labelSpread: 0,
  squaredLabel: 0,
  predictionMean: 0,
  squaredPrediction: 0,
  squaredError: 0,
  absoluteError: 0,
});

/** Metrics of predicted numbers. */
export class RegressionMetrics {
  constructor(
    private readonly moments: Moments,
    private readonly throughOrigin = false,
  ) {}

  get meanSquaredError(): number {
    return this.moments.squaredError / this.moments.weight;
  }
  get rootMeanSquaredError(): number {
    return Math.sqrt(this.meanSquaredError);
  }
  get meanAbsoluteError(): number {
    return this.moments.absoluteError / this.moments.weight;
  }
  /** Mean squared distance of the predictions from the mean label. */
  get explainedVariance(): number {
    const { weight, squaredPrediction, labelMean, predictionMean } = this.moments;
    const regression = squaredPrediction + labelMean * labelMean * weight - 2 * labelMean * predictionMean * weight;
    return regression / weight;
  }
  get r2(): number {
    const { weight, squaredWeight, labelSpread, squaredLabel, squaredError } = this.moments;
    if (this.throughOrigin) return 1 - squaredError / squaredLabel;
    const freedom = weight - squaredWeight / weight;
    const variance = freedom > 0 ? labelSpread / freedom : 0;
    return 1 - squaredError / (variance * (weight - 1));
  }
}

/** Sums labels and predictions on the workers. */
export async function regressionMetrics(df: DataFrame, request: RegressionRequest): Promise<RegressionMetrics> {
  const { predictionCol, labelCol, weightCol, throughOrigin } = request;
  const columns = [predictionCol, labelCol, ...(weightCol ? [weightCol] : [])].map(doubleColumn);
  const parts = await df.select(...columns).runPartitions<Moments>(regressionMoments.name, null);
  const moments = parts.reduce(merge, empty());
  require(moments.weight > 0, () => "Nothing has been added to this summarizer.");
  return new RegressionMetrics(moments, throughOrigin);
}

const regressionMoments = definePartitionFunction<null, Moments>({
  name: "ml.evaluation.regression",
  async run(_payload, batches, context) {
    const sums = empty();
    for await (const { columns, numRows } of batches) {
      context.checkCancelled();
      const predictions = doublesOf(columns[0], numRows);
      const labels = doublesOf(columns[1], numRows);
      const weights = columns[2] && doublesOf(columns[2], numRows);
      for (let i = 0; i < numRows; i++) {
        const weight = weights ? weights[i] : 1;
        if (weights) checkWeight(weight);
        if (weight !== 0) add(sums, predictions[i], labels[i], weight);
      }
    }
    return sums;
  },
});

function add(sums: Moments, prediction: number, label: number, weight: number): void {
  sums.weight += weight;
  sums.squaredWeight += weight * weight;
  const fromMean = label - sums.labelMean;
  sums.labelMean += (weight * fromMean) / sums.weight;
  sums.labelSpread += weight * fromMean * (label - sums.labelMean);
  sums.predictionMean += (weight * (prediction - sums.predictionMean)) / sums.weight;
  sums.squaredLabel += weight * label * label;
  sums.squaredPrediction += weight * prediction * prediction;
  const error = label - prediction;
  sums.squaredError += weight * error * error;
  sums.absoluteError += weight * Math.abs(error);
}

function merge(a: Moments, b: Moments): Moments {
  if (b.weight === 0) return a;
  if (a.weight === 0) return b;
  const weight = a.weight + b.weight;
  const share = b.weight / weight;
  const labelGap = b.labelMean - a.labelMean;
  return {
    weight,
    squaredWeight: a.squaredWeight + b.squaredWeight,
    labelMean: a.labelMean + labelGap * share,
    labelSpread: a.labelSpread + b.labelSpread + labelGap * labelGap * a.weight * share,
    squaredLabel: a.squaredLabel + b.squaredLabel,
    predictionMean: a.predictionMean + (b.predictionMean - a.predictionMean) * share,
    squaredPrediction: a.squaredPrediction + b.squaredPrediction,
    squaredError: a.squaredError + b.squaredError,
    absoluteError: a.absoluteError + b.absoluteError,
  };
}
