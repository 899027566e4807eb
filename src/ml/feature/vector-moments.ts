import type { Batch } from "../../columnar/index.js";
import { IllegalArgumentException, SparkException } from "../../common/index.js";
import { definePartitionFunction, type TaskContext } from "../../exec/index.js";
import type { DataFrame, RunOptions } from "../../sql/api/index.js";
import { firstNull, vectorView } from "../base/index.js";

/** Moments of the entries of a vector column that are not zero, as Spark's `SummarizerBuffer` keeps them. */
export interface VectorMoments {
  /** Length of the vectors, -1 before the first. */
  readonly size: number;
  readonly count: number;
  /** Whether at least half of the elements of every vector are zero. */
  readonly allSparse: boolean;
  readonly nonzeros: Float64Array;
  readonly means: Float64Array;
  /** Sums of squared distances from the mean. */
  readonly squares: Float64Array;
  readonly max: Float64Array;
  readonly min: Float64Array;
}

type Mutable = { -readonly [K in keyof VectorMoments]: VectorMoments[K] };

const emptyMoments = (size: number): Mutable => ({
  size,
  count: 0,
  allSparse: true,
  nonzeros: new Float64Array(Math.max(size, 0)),
  means: new Float64Array(Math.max(size, 0)),
  squares: new Float64Array(Math.max(size, 0)),
  max: new Float64Array(Math.max(size, 0)).fill(-Number.MAX_VALUE),
  min: new Float64Array(Math.max(size, 0)).fill(Number.MAX_VALUE),
});

async function momentsOf(batches: AsyncIterable<Batch>, context: TaskContext): Promise<VectorMoments> {
  let moments = emptyMoments(-1);
  for await (const { columns } of batches) {
    context.checkCancelled();
    const view = vectorView(columns[0]);
    if (firstNull(view) >= 0) throw nullVector();
    const { kinds, sizes, offsets, indices, values } = view;
    for (let i = 0; i < view.length; i++) {
      if (moments.size === -1) moments = emptyMoments(sizes[i]);
      else if (moments.size !== sizes[i]) throw wrongSize(moments.size, sizes[i]);
      moments.count++;
      const { nonzeros, means, squares, max, min } = moments;
      const dense = kinds[i] === 1;
      const start = offsets[i];
      const end = offsets[i + 1];
      let zeros = sizes[i];
      for (let k = start; k < end; k++) {
        const value = values[k];
        if (value === 0) continue;
        const j = dense ? k - start : indices[k];
        zeros--;
        if (max[j] < value) max[j] = value;
        if (min[j] > value) min[j] = value;
        // Welford's update for a value of weight 1.
        const difference = value - means[j];
        means[j] += difference / ++nonzeros[j];
        squares[j] += (value - means[j]) * difference;
      }
      if (2 * zeros < sizes[i]) moments.allSparse = false;
    }
  }
  return moments;
}

export const nullVector = (): SparkException =>
  new SparkException("a vector is null; drop such rows first, e.g. with df.na.drop()");

const wrongSize = (expected: number, actual: number): IllegalArgumentException =>
  new IllegalArgumentException(
    `requirement failed: Dimensions mismatch when adding new sample. Expecting ${expected} but got ${actual}.`,
  );

const collectMoments = definePartitionFunction<null, VectorMoments>({
  name: "ml.vectorMoments",
  run: (_, batches, context) => momentsOf(batches, context),
});

/** Moments of the first column of `df`, which must hold vectors of one size. */
export async function collectVectorMoments(df: DataFrame, options: RunOptions): Promise<VectorMoments> {
  const parts = await df.runPartitions<VectorMoments>(collectMoments.name, null, options);
  return parts.reduce(merge, emptyMoments(-1));
}

/** The same; throws when there is no row. */
export async function vectorMoments(df: DataFrame, options: RunOptions): Promise<VectorMoments> {
  const total = await collectVectorMoments(df, options);
  if (total.count > 0) return total;
  throw new IllegalArgumentException("requirement failed: Nothing has been added to this summarizer.");
}

function merge(a: VectorMoments, b: VectorMoments): VectorMoments {
  if (b.count === 0) return a;
  if (a.count === 0) return b;
  if (a.size !== b.size) {
    throw new IllegalArgumentException(
      `requirement failed: Dimensions mismatch when merging with another summarizer. Expecting ${a.size} but got ${b.size}.`,
    );
  }
  const out = emptyMoments(a.size);
  out.count = a.count + b.count;
  out.allSparse = a.allSparse && b.allSparse;
  for (let j = 0; j < a.size; j++) {
    const [left, right] = [a.nonzeros[j], b.nonzeros[j]];
    const total = left + right;
    out.nonzeros[j] = total;
    out.max[j] = Math.max(a.max[j], b.max[j]);
    out.min[j] = Math.min(a.min[j], b.min[j]);
    if (total === 0) continue;
    const distance = b.means[j] - a.means[j];
    out.means[j] = a.means[j] + (distance * right) / total;
    out.squares[j] = a.squares[j] + (b.squares[j] + (distance * distance * left * right) / total);
  }
  return out;
}

/** Mean of every element, zeros included. */
export const meansOf = ({ count, nonzeros, means }: VectorMoments): Float64Array =>
  means.map((mean, j) => mean * (nonzeros[j] / count));

/** Unbiased sample variance of every element; 0 for a single row. */
export function variancesOf({ count, nonzeros, means, squares }: VectorMoments): Float64Array {
  if (count <= 1) return new Float64Array(means.length);
  return squares.map((square, j) => {
    const total = square + (means[j] * means[j] * nonzeros[j] * (count - nonzeros[j])) / count;
    return Math.max(total / (count - 1), 0);
  });
}

/** Largest value of every element, zeros included. */
export const maximaOf = ({ count, nonzeros, max }: VectorMoments): Float64Array =>
  max.map((value, j) => (nonzeros[j] < count && value < 0 ? 0 : value));

/** Smallest value of every element, zeros included. */
export const minimaOf = ({ count, nonzeros, min }: VectorMoments): Float64Array =>
  min.map((value, j) => (nonzeros[j] < count && value > 0 ? 0 : value));
