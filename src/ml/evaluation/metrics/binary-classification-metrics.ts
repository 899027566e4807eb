import type { DataFrame } from "../../../sql/api/index.js";
import { binaryCurve, type BinaryCurveRequest, curveAreas } from "./binary-curve.js";
import { type ClassWeights, type CurveAreas, falsePositiveRateOf, precisionOf, recallOf } from "./curve-areas.js";
import type { BinaryCurve } from "./score-groups.js";

/** A point of a curve. */
export type CurvePoint = readonly [x: number, y: number];

/** Metrics of binary scores at every threshold, computed once from a {@link BinaryCurve}. */
export class BinaryClassificationMetrics {
  private readonly above: readonly ClassWeights[];
  private readonly total: ClassWeights;
  private areas: CurveAreas | undefined;

  constructor(private readonly curve: BinaryCurve) {
    let [positive, negative] = [0, 0];
    this.above = Array.from(curve.thresholds, (_, i) => {
      positive += curve.positive[i];
      negative += curve.negative[i];
      return { positive, negative };
    });
    this.total = { positive, negative };
  }

  /** Thresholds, largest first. */
  get thresholds(): readonly number[] {
    return [...this.curve.thresholds];
  }
  /** (false positive rate, recall), from (0, 0) to (1, 1). */
  get roc(): readonly CurvePoint[] {
    const points = this.above.map((w) => [falsePositiveRateOf(w, this.total), recallOf(w, this.total)] as const);
    return [[0, 0], ...points, [1, 1]];
  }
  /** (recall, precision), from recall 0 with the precision of the largest threshold. */
  get pr(): readonly CurvePoint[] {
    const points = this.above.map((w) => [recallOf(w, this.total), precisionOf(w)] as const);
    return points.length === 0 ? [] : [[0, points[0][1]], ...points];
  }
  get areaUnderROC(): number {
    return (this.areas ??= curveAreas(this.curve)).roc;
  }
  get areaUnderPR(): number {
    return (this.areas ??= curveAreas(this.curve)).pr;
  }
  /** (threshold, F-measure). */
  fMeasureByThreshold(beta = 1): readonly CurvePoint[] {
    const squared = beta * beta;
    return this.byThreshold((w) => {
      const precision = precisionOf(w);
      const recall = recallOf(w, this.total);
      return precision + recall === 0 ? 0 : ((1 + squared) * precision * recall) / (squared * precision + recall);
    });
  }
  /** (threshold, precision). */
  precisionByThreshold(): readonly CurvePoint[] {
    return this.byThreshold(precisionOf);
  }
  /** (threshold, recall). */
  recallByThreshold(): readonly CurvePoint[] {
    return this.byThreshold((w) => recallOf(w, this.total));
  }

  private byThreshold(metric: (above: ClassWeights) => number): CurvePoint[] {
    return this.above.map((w, i) => [this.curve.thresholds[i], metric(w)] as const);
  }
}

/** Computes the curve of a data frame's scores on the workers; `numBins` (Spark's default: 1000) bounds its points. */
export async function binaryClassificationMetrics(
  df: DataFrame,
  request: BinaryCurveRequest,
): Promise<BinaryClassificationMetrics> {
  return new BinaryClassificationMetrics(await binaryCurve(df, request));
}
