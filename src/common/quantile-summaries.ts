/** A sketch of a partition in a form that travels: sample values with their rank gaps and uncertainties. */
export interface QuantileSketch {
  readonly relativeError: number;
  readonly count: number;
  readonly values: Float64Array;
  readonly gaps: Float64Array;
  readonly deltas: Float64Array;
}

/** The error with which Spark's `approxQuantile` works: it passes on 1 / error rounded up, the accuracy of `percentile_approx`. */
export const approxQuantileError = (relativeError: number): number =>
  1 / Math.min(2 ** 31 - 1, Math.ceil(1 / relativeError));

const HEAD_SIZE = 50_000;

const emptySketch = (relativeError: number): QuantileSketch => ({
  relativeError,
  count: 0,
  values: new Float64Array(0),
  gaps: new Float64Array(0),
  deltas: new Float64Array(0),
});

/**
 * Approximate quantiles of doubles in one pass, with Spark's variant of Greenwald and Khanna, "Space-Efficient Online
 * Computation of Quantile Summaries" (SIGMOD 2001). The rank of an answer is off by at most `relativeError * count`.
 */
export class QuantileSummaries {
  private sketch: QuantileSketch;
  private readonly head: Float64Array;
  private pending = 0;

  /** `compressThreshold`: the number of samples above which the sketch is compressed while values come in. */
  constructor(
    readonly relativeError: number,
    private readonly compressThreshold = 10_000,
  ) {
    this.sketch = emptySketch(relativeError);
    this.head = new Float64Array(HEAD_SIZE);
  }

  insert(value: number): void {
    this.head[this.pending++] = value;
    if (this.pending < HEAD_SIZE) return;
    this.insertHead();
    if (this.sketch.values.length >= this.compressThreshold) this.sketch = compressed(this.sketch);
  }

  /** The compressed sketch of everything inserted so far. */
  finish(): QuantileSketch {
    this.insertHead();
    return compressed(this.sketch);
  }

  private insertHead(): void {
    if (this.pending === 0) return;
    const sorted = this.head.slice(0, this.pending).sort();
    this.pending = 0;
    const old = this.sketch;
    const total = old.values.length + sorted.length;
    const out = new Samples(total);
    let count = old.count;
    let at = 0;
    for (let i = 0; i < sorted.length; i++) {
      const value = sorted[i];
      while (at < old.values.length && old.values[at] <= value) out.copy(old, at++, 0);
      count++;
      const extreme = out.length === 0 || (at === old.values.length && i === sorted.length - 1);
      out.push(value, 1, extreme ? 0 : Math.floor(2 * this.relativeError * count));
    }
    while (at < old.values.length) out.copy(old, at++, 0);
    this.sketch = out.finish(this.relativeError, count);
  }
}

/** Growing samples of a sketch under construction. */
class Samples {
  readonly values: Float64Array;
  readonly gaps: Float64Array;
  readonly deltas: Float64Array;
  length = 0;
  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
    this.gaps = new Float64Array(capacity);
    this.deltas = new Float64Array(capacity);
  }
  push(value: number, gap: number, delta: number): void {
    this.values[this.length] = value;
    this.gaps[this.length] = gap;
    this.deltas[this.length++] = delta;
  }
  copy(from: QuantileSketch, i: number, extraDelta: number): void {
    this.push(from.values[i], from.gaps[i], from.deltas[i] + extraDelta);
  }
  finish(relativeError: number, count: number): QuantileSketch {
    const cut = (array: Float64Array): Float64Array => array.slice(0, this.length);
    return { relativeError, count, values: cut(this.values), gaps: cut(this.gaps), deltas: cut(this.deltas) };
  }
}

/** Merges neighbours whose joint uncertainty stays below the error bound; the smallest and largest samples stay. */
function compressed(sketch: QuantileSketch): QuantileSketch {
  const { values, gaps, deltas, count, relativeError } = sketch;
  const n = values.length;
  if (n === 0) return sketch;
  const threshold = 2 * relativeError * count;
  const reversed = new Samples(n + 1);
  let value = values[n - 1];
  let gap = gaps[n - 1];
  let delta = deltas[n - 1];
  for (let i = n - 2; i >= 1; i--) {
    if (gaps[i] + gap + delta < threshold) {
      gap += gaps[i];
    } else {
      reversed.push(value, gap, delta);
      value = values[i];
      gap = gaps[i];
      delta = deltas[i];
    }
  }
  reversed.push(value, gap, delta);
  if (n > 1 && values[0] <= value) reversed.push(values[0], gaps[0], deltas[0]);
  const result = reversed.finish(relativeError, count);
  result.values.reverse();
  result.gaps.reverse();
  result.deltas.reverse();
  return result;
}

/** The sketch of the union of two data sets. */
export function mergeSketches(a: QuantileSketch, b: QuantileSketch): QuantileSketch {
  if (b.count === 0) return a;
  if (a.count === 0) return b;
  const extraA = Math.floor(2 * b.relativeError * b.count);
  const extraB = Math.floor(2 * a.relativeError * a.count);
  const out = new Samples(a.values.length + b.values.length);
  let i = 0;
  let j = 0;
  while (i < a.values.length && j < b.values.length) {
    if (a.values[i] < b.values[j]) out.copy(a, i++, j > 0 ? extraA : 0);
    else out.copy(b, j++, i > 0 ? extraB : 0);
  }
  while (i < a.values.length) out.copy(a, i++, 0);
  while (j < b.values.length) out.copy(b, j++, 0);
  return compressed(out.finish(Math.max(a.relativeError, b.relativeError), a.count + b.count));
}

/** Values at the given fractions of the sorted data (0 the smallest, 1 the largest), or undefined without data. */
export function querySketch(sketch: QuantileSketch, fractions: readonly number[]): number[] | undefined {
  const { values, gaps, deltas, relativeError, count } = sketch;
  const n = values.length;
  if (n === 0) return undefined;
  let widest = 0;
  for (let i = 0; i < n; i++) widest = Math.max(widest, gaps[i] + deltas[i]);
  const targetError = widest / 2;
  return fractions.map((fraction) => {
    if (fraction <= relativeError) return values[0];
    if (fraction >= 1 - relativeError) return values[n - 1];
    const rank = Math.ceil(fraction * count);
    let minRank = 0;
    for (let i = 0; i < n - 1; i++) {
      minRank += gaps[i];
      if (minRank + deltas[i] - targetError <= rank && rank <= minRank + targetError) return values[i];
    }
    return values[n - 1];
  });
}
