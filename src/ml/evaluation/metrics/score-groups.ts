import { definePartitionFunction } from "../../../exec/index.js";
import type { ScoreRun } from "./score-runs.js";

/**
 * Weight of positive and negative rows at each threshold, largest threshold first; neighbouring scores are merged
 * into groups as Spark's `BinaryClassificationMetrics` does: the scores lie in as many ranges as the data has partitions
 * (or `spark.default.parallelism` says), groups do not cross ranges, and a group has the threshold of its last score.
 */
export interface BinaryCurve {
  readonly thresholds: Float64Array;
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/** One run of scores and where it lies among all. */
export interface GroupPart {
  readonly run: ScoreRun;
  /** Distinct scores in the runs before this one. */
  readonly offset: number;
  readonly grouping: number;
  /** Positions at which a new group starts in any case, ascending. */
  readonly cuts: readonly number[];
}
/** The groups of one run. */
export interface Groups extends BinaryCurve {
  /** Whether the first group began in the run before. */
  readonly continues: boolean;
}

/** Adds up neighbouring scores; the first and last group may go on in the neighbouring runs. */
export function groups({ run, offset, grouping, cuts }: GroupPart): Groups {
  let next = cuts.findIndex((cut) => cut > offset);
  if (next < 0) next = cuts.length;
  let rangeStart = next === 0 ? 0 : cuts[next - 1];
  const continues = (offset - rangeStart) % grouping !== 0;
  const [thresholds, positive, negative] = [1, 2, 3].map(() => new Float64Array(run.length));
  let group = -1;
  for (let i = 0; i < run.length; i++) {
    const position = offset + i;
    if (position === cuts[next]) {
      rangeStart = position;
      while (cuts[next] === position) next++;
    }
    if (i === 0 || (position - rangeStart) % grouping === 0) group++;
    thresholds[group] = run.scores[i];
    positive[group] += run.positive[i];
    negative[group] += run.negative[i];
  }
  const end = group + 1;
  return {
    continues,
    thresholds: thresholds.slice(0, end),
    positive: positive.slice(0, end),
    negative: negative.slice(0, end),
  };
}

export const groupScores = definePartitionFunction<readonly GroupPart[], Groups>({
  name: "ml.evaluation.groups",
  run: async (parts, _batches, { partitionId }) => groups(parts[partitionId]),
});

/** Joins the groups of all ranges; a group whose scores lie in two of them is put together again. */
export function joinGroups(parts: readonly Groups[]): BinaryCurve {
  const thresholds: number[] = [];
  const positive: number[] = [];
  const negative: number[] = [];
  for (const part of parts) {
    for (let i = 0; i < part.thresholds.length; i++) {
      if (i === 0 && part.continues) {
        const at = thresholds.length - 1;
        thresholds[at] = part.thresholds[i];
        positive[at] += part.positive[i];
        negative[at] += part.negative[i];
        continue;
      }
      thresholds.push(part.thresholds[i]);
      positive.push(part.positive[i]);
      negative.push(part.negative[i]);
    }
  }
  const doubles = (values: number[]): Float64Array => Float64Array.from(values);
  return { thresholds: doubles(thresholds), positive: doubles(positive), negative: doubles(negative) };
}
