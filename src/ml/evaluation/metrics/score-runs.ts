/** Distinct scores, largest first (NaN above all; -0.0 is 0.0), with the weight of positive and negative rows of each. */
export interface ScoreRun {
  readonly length: number;
  readonly scores: Float64Array;
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

const RADIX_BITS = 16;
const BUCKETS = 1 << RADIX_BITS;

/**
 * Order-preserving 64-bit keys of doubles as two 32-bit words, inverted so that the largest double has the smallest key:
 * NaN, Infinity, ..., 0.0 (and -0.0), ..., -Infinity.
 */
function descendingKeys(scores: Float64Array, n: number): readonly [low: Uint32Array, high: Uint32Array] {
  const words = new Uint32Array(scores.slice(0, n).buffer);
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const nan = Number.isNaN(scores[i]);
    const h = nan ? 0x7ff80000 : scores[i] === 0 ? 0 : words[2 * i + 1];
    const l = nan ? 0 : words[2 * i];
    const negative = h >>> 31 === 1;
    high[i] = negative ? h : ~h & 0x7fffffff;
    low[i] = negative ? l : ~l;
  }
  return [low, high];
}

/** Stable least-significant-digit radix sort; returns row numbers in key order. */
function sortedOrder(low: Uint32Array, high: Uint32Array): Uint32Array {
  const n = low.length;
  let order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  let next = new Uint32Array(n);
  for (let digit = 0; digit < 4; digit++) {
    const words = digit < 2 ? low : high;
    const shift = (digit & 1) * RADIX_BITS;
    const starts = new Uint32Array(BUCKETS + 1);
    for (let i = 0; i < n; i++) starts[((words[i] >>> shift) & (BUCKETS - 1)) + 1]++;
    // All rows share this digit: nothing to move.
    if (n > 0 && starts[((words[0] >>> shift) & (BUCKETS - 1)) + 1] === n) continue;
    for (let b = 1; b <= BUCKETS; b++) starts[b] += starts[b - 1];
    for (let i = 0; i < n; i++) {
      const row = order[i];
      next[starts[(words[row] >>> shift) & (BUCKETS - 1)]++] = row;
    }
    [order, next] = [next, order];
  }
  return order;
}

/** Sorts `n` scores and adds up the weights of equal ones. */
export function scoreRun(scores: Float64Array, positive: Float64Array, negative: Float64Array, n: number): ScoreRun {
  const [low, high] = descendingKeys(scores, n);
  const order = sortedOrder(low, high);
  let distinct = 0;
  for (let i = 0; i < n; i++) {
    const same = i > 0 && high[order[i]] === high[order[i - 1]] && low[order[i]] === low[order[i - 1]];
    if (!same) distinct++;
  }
  const shared = (): Float64Array => new Float64Array(new SharedArrayBuffer(8 * distinct));
  const run = { length: distinct, scores: shared(), positive: shared(), negative: shared() };
  let at = -1;
  for (let i = 0; i < n; i++) {
    const row = order[i];
    const same = i > 0 && high[row] === high[order[i - 1]] && low[row] === low[order[i - 1]];
    if (!same) run.scores[++at] = scores[row];
    run.positive[at] += positive[row];
    run.negative[at] += negative[row];
  }
  return run;
}

/** Position of the first score of a run that is not larger than `bound` (NaN above everything). */
export function firstNotAbove(run: ScoreRun, bound: number): number {
  let from = 0;
  let to = run.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compareScores(run.scores[middle], bound) > 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Order of scores: numbers as they are, NaN above everything. */
export function compareScores(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

/** One run of the stretches `[starts[k], ends[k])` of several runs. */
export function mergeRuns(runs: readonly ScoreRun[], starts: readonly number[], ends: readonly number[]): ScoreRun {
  const total = runs.reduce((sum, _, k) => sum + ends[k] - starts[k], 0);
  const join = (of: (run: ScoreRun) => Float64Array): Float64Array => {
    const all = new Float64Array(total);
    let at = 0;
    runs.forEach((run, k) => {
      all.set(of(run).subarray(starts[k], ends[k]), at);
      at += ends[k] - starts[k];
    });
    return all;
  };
  return scoreRun(
    join((run) => run.scores),
    join((run) => run.positive),
    join((run) => run.negative),
    total,
  );
}
