/** A sampled key and how many keys of its partition it stands for. */
export interface WeightedKey<K> {
  readonly key: K;
  readonly weight: number;
}

/**
 * At most `numPartitions - 1` ascending bounds that cut the sampled keys into stretches of about equal weight, as
 * Spark's `RangePartitioner.determineBounds`; equal keys never straddle a bound, so there may be fewer.
 */
export function determineBounds<K>(
  candidates: readonly WeightedKey<K>[],
  numPartitions: number,
  compare: (a: K, b: K) => number,
): K[] {
  const ordered = [...candidates].sort((a, b) => compare(a.key, b.key));
  let total = 0;
  for (const { weight } of ordered) total += weight;
  const step = total / numPartitions;
  const bounds: K[] = [];
  let cumulated = 0;
  let target = step;
  for (let i = 0; i < ordered.length && bounds.length < numPartitions - 1; i++) {
    const { key, weight } = ordered[i];
    cumulated += weight;
    if (cumulated < target) continue;
    if (bounds.length > 0 && compare(key, bounds[bounds.length - 1]) <= 0) continue;
    bounds.push(key);
    target += step;
  }
  return bounds;
}

/** Number of bounds that lie below the key. */
export function rangeOf<K>(key: K, bounds: readonly K[], compare: (a: K, b: K) => number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(key, bounds[middle]) > 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Scala's `byteswap32`: a cheap mixing of a seed. */
export function byteswap32(value: number): number {
  const mixed = Math.imul(value, 0x9e3775cd);
  const swapped = (mixed << 24) | ((mixed & 0xff00) << 8) | ((mixed >>> 8) & 0xff00) | (mixed >>> 24);
  return Math.imul(swapped, 0x9e3775cd);
}
