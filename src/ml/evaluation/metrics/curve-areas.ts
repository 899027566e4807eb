/** Weight of positive and negative rows: of a whole data set, or of the rows at or above a threshold. */
export interface ClassWeights {
  readonly positive: number;
  readonly negative: number;
}

export const NO_WEIGHT: ClassWeights = { positive: 0, negative: 0 };
export const addWeights = (a: ClassWeights, b: ClassWeights): ClassWeights => ({
  positive: a.positive + b.positive,
  negative: a.negative + b.negative,
});

/** Areas under the ROC curve and under the precision-recall curve, by the trapezoid rule. */
export interface CurveAreas {
  readonly roc: number;
  /** NaN when there is no row: the curve has no first point. */
  readonly pr: number;
}

export const recallOf = (above: ClassWeights, total: ClassWeights): number =>
  total.positive === 0 ? 0 : above.positive / total.positive;
export const falsePositiveRateOf = (above: ClassWeights, total: ClassWeights): number =>
  total.negative === 0 ? 0 : above.negative / total.negative;
export function precisionOf(above: ClassWeights): number {
  const predicted = above.positive + above.negative;
  return predicted === 0 ? 1 : above.positive / predicted;
}

/** A stretch of thresholds, largest first: the weights at each, and those of all larger thresholds together. */
export interface CurveStretch {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
  readonly before: ClassWeights;
  readonly total: ClassWeights;
}

/** Area between the first and the last threshold of a stretch, from the point before it. */
export function stretchAreas({ positive, negative, before, total }: CurveStretch): CurveAreas {
  let above = before;
  // The precision-recall curve starts at (0, precision of the first threshold).
  let precision =
    before.positive + before.negative === 0 && positive.length > 0
      ? precisionOf({ positive: positive[0], negative: negative[0] })
      : precisionOf(before);
  let roc = 0;
  let pr = 0;
  for (let i = 0; i < positive.length; i++) {
    const next = { positive: above.positive + positive[i], negative: above.negative + negative[i] };
    const nextPrecision = precisionOf(next);
    const recallBefore = recallOf(above, total);
    const recall = recallOf(next, total);
    roc += ((falsePositiveRateOf(next, total) - falsePositiveRateOf(above, total)) * (recall + recallBefore)) / 2;
    pr += ((recall - recallBefore) * (precision + nextPrecision)) / 2;
    above = next;
    precision = nextPrecision;
  }
  return { roc, pr };
}

/** Area from the last threshold to the corner (1, 1), where every ROC curve ends. */
export function closingArea(total: ClassWeights): number {
  return ((1 - falsePositiveRateOf(total, total)) * (recallOf(total, total) + 1)) / 2;
}
