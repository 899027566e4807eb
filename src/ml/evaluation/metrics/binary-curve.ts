import type { DataFrame } from "../../../sql/api/index.js";
import { VectorUDT } from "../../../sql/types/index.js";
import { doubleColumn, fieldOf, namedColumn } from "../../base/index.js";
import { countScores } from "./count-scores.js";
import {
  addWeights,
  type ClassWeights,
  closingArea,
  type CurveAreas,
  type CurveStretch,
  NO_WEIGHT,
  stretchAreas,
} from "./curve-areas.js";
import { type BinaryCurve, type GroupPart, type Groups, groups, groupScores, joinGroups } from "./score-groups.js";
import { areasOfScores, type MergePart, mergeScores, sumScores } from "./score-ranges.js";
import { firstNotAbove, mergeRuns, type ScoreRun } from "./score-runs.js";

export interface BinaryCurveRequest {
  /** Double, or vector whose element 1 is the score. */
  readonly scoreCol: string;
  readonly labelCol: string;
  readonly weightCol?: string | undefined;
  /** Points to keep, about; 0 keeps every distinct score. */
  readonly numBins: number;
}

/** Scores up to this number are merged on the driver; more are merged by the workers, each a range of scores. */
const MERGE_ON_DRIVER = 16_384;

/** Counts rows by score on the workers and returns the curve: at most about twice `numBins` points. */
export async function binaryCurve(df: DataFrame, request: BinaryCurveRequest): Promise<BinaryCurve> {
  const ranges = await scoreRanges(df, request);
  const parts = groupParts(ranges.runs, request.numBins, ranges.sparkRanges);
  return joinGroups(
    parts.length === 1 ? parts.map(groups) : await onWorkers<GroupPart, Groups>(df, groupScores.name, parts),
  );
}

/** Areas under the curves; the points of the curve stay on the workers when all distinct scores are kept. */
export async function binaryAreas(df: DataFrame, request: BinaryCurveRequest): Promise<CurveAreas> {
  const ranges = await scoreRanges(df, request);
  const parts = groupParts(ranges.runs, request.numBins, ranges.sparkRanges);
  if (parts.length === 1) return curveAreas(joinGroups(parts.map(groups)));
  if (parts[0].grouping > 1)
    return curveAreas(joinGroups(await onWorkers<GroupPart, Groups>(df, groupScores.name, parts)));
  const weights = await onWorkers<ScoreRun, ClassWeights>(df, sumScores.name, ranges.runs);
  const total = weights.reduce(addWeights, NO_WEIGHT);
  let before = NO_WEIGHT;
  const stretches = ranges.runs.map(({ positive, negative }, r) => {
    const stretch = { positive, negative, before, total };
    before = addWeights(before, weights[r]);
    return stretch;
  });
  const areas = await onWorkers<CurveStretch, CurveAreas>(df, areasOfScores.name, stretches);
  const sum = (of: (area: CurveAreas) => number): number => areas.reduce((all, area) => all + of(area), 0);
  return { roc: sum((area) => area.roc) + closingArea(total), pr: sum((area) => area.pr) };
}

/** Areas under a curve that is on the driver. */
export function curveAreas({ positive, negative }: BinaryCurve): CurveAreas {
  const sum = (values: Float64Array): number => values.reduce((all, v) => all + v, 0);
  const total = { positive: sum(positive), negative: sum(negative) };
  const { roc, pr } = stretchAreas({ positive, negative, before: NO_WEIGHT, total });
  return { roc: roc + closingArea(total), pr: positive.length === 0 ? Number.NaN : pr };
}

interface ScoreRanges {
  /** All scores, largest first, cut into ranges for the workers; a single one when there are few. */
  readonly runs: readonly ScoreRun[];
  /** Number of ranges into which Spark would sort the scores. */
  readonly sparkRanges: number;
}

async function scoreRanges(df: DataFrame, request: BinaryCurveRequest): Promise<ScoreRanges> {
  const runs = await scoreRuns(df, request);
  const total = runs.reduce((sum, run) => sum + run.length, 0);
  const sparkRanges = df.sparkSession.state.conf.value("defaultParallelism") || runs.length;
  if (total > MERGE_ON_DRIVER) return { runs: await mergeOnWorkers(df, runs, total), sparkRanges };
  const starts = runs.map(() => 0);
  const ends = runs.map((run) => run.length);
  return { runs: [mergeRuns(runs, starts, ends)], sparkRanges };
}

function groupParts(runs: readonly ScoreRun[], numBins: number, sparkRanges: number): GroupPart[] {
  const distinct = runs.reduce((sum, run) => sum + run.length, 0);
  const grouping = groupSize(distinct, numBins);
  const cuts = grouping === 1 ? [] : rangeCuts(distinct, sparkRanges);
  let offset = 0;
  return runs.map((run) => {
    const part = { run, offset, grouping, cuts };
    offset += run.length;
    return part;
  });
}

/** Positions at which ranges start after the first, as Spark's RangePartitioner cuts when it samples every key. */
const rangeCuts = (distinct: number, ranges: number): number[] =>
  Array.from({ length: ranges - 1 }, (_, r) => distinct - Math.ceil(((ranges - 1 - r) * distinct) / ranges));

const groupSize = (distinct: number, numBins: number): number => {
  const size = numBins === 0 ? 1 : Math.floor(distinct / numBins);
  return size < 2 ? 1 : size;
};

async function scoreRuns(df: DataFrame, request: BinaryCurveRequest): Promise<ScoreRun[]> {
  const { scoreCol, labelCol, weightCol } = request;
  const vector = fieldOf(await df.schema(), scoreCol).dataType instanceof VectorUDT;
  const columns = [vector ? namedColumn(scoreCol) : doubleColumn(scoreCol), doubleColumn(labelCol)];
  if (weightCol) columns.push(doubleColumn(weightCol));
  return df.select(...columns).runPartitions<ScoreRun>(countScores.name, null);
}

/** Cuts the scores into ranges of about equal size, by sampling the sorted runs, and merges each range on a worker. */
async function mergeOnWorkers(df: DataFrame, runs: readonly ScoreRun[], total: number): Promise<ScoreRun[]> {
  const numRanges = Math.min(64, Math.max(2, Math.ceil(total / 131_072)));
  const sample = runs.flatMap((run) =>
    Array.from(
      { length: Math.ceil((64 * numRanges * run.length) / total) },
      (_, i, all = 64) => run.scores[Math.min(run.length - 1, Math.floor((i * total) / (all * numRanges)))],
    ),
  );
  const ordered = Float64Array.from(sample).sort().reverse();
  const bounds = Array.from(
    { length: numRanges - 1 },
    (_, r) => ordered[Math.floor(((r + 1) * ordered.length) / numRanges)],
  );
  const cuts = bounds.map((bound) => runs.map((run) => firstNotAbove(run, bound)));
  const all = [runs.map(() => 0), ...cuts, runs.map((run) => run.length)];
  const parts = Array.from({ length: numRanges }, (_, r) => ({ runs, starts: all[r], ends: all[r + 1] }));
  return onWorkers<MergePart, ScoreRun>(df, mergeScores.name, parts);
}

/** Runs a function of shared memory, one part a task. */
function onWorkers<P, R>(df: DataFrame, name: string, parts: readonly P[]): Promise<R[]> {
  return df.sparkSession.range(0, parts.length, 1, parts.length).runPartitions<R>(name, parts);
}
