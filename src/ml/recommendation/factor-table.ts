/** Factors of all users or all items in shared memory: row i belongs to `ids[i]` and is `values[i * rank .. (i + 1) * rank)`. */
export interface FactorTable {
  readonly rank: number;
  /** Ascending. */
  readonly ids: Int32Array;
  readonly values: Float32Array;
}

/** An empty table for `size` rows. */
export function allocateFactors(size: number, rank: number): FactorTable {
  return {
    rank,
    ids: new Int32Array(new SharedArrayBuffer(4 * size)),
    values: new Float32Array(new SharedArrayBuffer(4 * size * rank)),
  };
}

/** Row of an id, or -1. */
export function rowOf(ids: Int32Array, id: number): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ids[middle] === id) return middle;
    if (ids[middle] < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
