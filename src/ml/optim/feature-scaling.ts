/** Means and deviations of the features, by which training is standardised without touching the data. */
export interface FeatureScaling {
  readonly mean: Float64Array;
  readonly std: Float64Array;
  /** 1 / std, 0 for constant features, which so get no coefficient. */
  readonly inverseStd: Float64Array;
  /** mean / std */
  readonly scaledMean: Float64Array;
}

export function featureScaling(mean: Float64Array, std: Float64Array): FeatureScaling {
  const inverseStd = std.map((s) => (s === 0 ? 0 : 1 / s));
  return { mean, std, inverseStd, scaledMean: inverseStd.map((inverse, j) => inverse * mean[j]) };
}

/** Coefficients of the standardised features as coefficients of the features themselves. */
export const unscaled = (x: Float64Array, { inverseStd }: FeatureScaling): Float64Array =>
  inverseStd.map((inverse, j) => inverse * x[j]);
