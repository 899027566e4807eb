/** Position of the largest of `count` values from `start`, the first of equals (Spark's `Vector.argmax`). */
export function argmax(values: ArrayLike<number>, start = 0, count = values.length - start): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i] > values[start + best]) best = i;
  return best;
}

/**
 * Class for `thresholds.length` (or `count`) probabilities from `start`: the largest probability/threshold.
 * A class whose threshold and probability are both zero is never chosen, as in Spark.
 */
export function predictedClass(
  probability: ArrayLike<number>,
  thresholds: readonly number[] | undefined,
  start = 0,
  count = probability.length - start,
): number {
  if (!thresholds) return argmax(probability, start, count);
  let best = 0;
  let largest = -Infinity;
  for (let i = 0; i < count; i++) {
    const scaled = probability[start + i] / thresholds[i];
    if (scaled > largest) {
      largest = scaled;
      best = i;
    }
  }
  return best;
}
