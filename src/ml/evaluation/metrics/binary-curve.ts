import type { Batch, VectorColumn } from "../../../columnar/index.js";
import { isNull } from "../../../columnar/index.js";
import { SparkRuntimeException } from "../../../common/index.js";
import { definePartitionFunction } from "../../../exec/index.js";
import type { DataFrame } from "../../../sql/api/index.js";
import { VectorUDT } from "../../../sql/types/index.js";
import { checkWeight, doubleColumn, doublesOf, fieldOf, namedColumn } from "../../base/index.js";
import { type ClassWeights, closingArea, type CurveAreas, type CurveStretch, stretchAreas } from "./curve-areas.js";
import { firstNotAbove, mergeRuns, type ScoreRun, scoreRun } from "./score-runs.js";

export interface BinaryCurveRequest {
  /** Double, or vector whose element 1 is the score. */
  readonly scoreCol: string;
  readonly labelCol: string;
  readonly weightCol?: string | undefined;
  /** Points to keep, about; 0 keeps every distinct score. */
  readonly numBins: number;
}

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
  const total = weights.reduce(plus, NONE);
  let before = NONE;
  const stretches = ranges.runs.map(({ positive, negative }, r) => {
    const stretch = { positive, negative, before, total };
    before = plus(before, weights[r]);
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
  const { roc, pr } = stretchAreas({ positive, negative, before: NONE, total });
  return { roc: roc + closingArea(total), pr: positive.length === 0 ? Number.NaN : pr };
}

const NONE: ClassWeights = { positive: 0, negative: 0 };
const plus = (a: ClassWeights, b: ClassWeights): ClassWeights => ({
  positive: a.positive + b.positive,
  negative: a.negative + b.negative,
});

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

/** Joins the groups of all ranges; a group whose scores lie in two of them is put together again. */
function joinGroups(parts: readonly Groups[]): BinaryCurve {
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

const countScores = definePartitionFunction<null, ScoreRun>({
  name: "ml.evaluation.scores",
  async run(_payload, batches, context) {
    let [scores, positive, negative] = [1, 2, 3].map(() => new Float64Array(4096));
    let n = 0;
    for await (const batch of batches) {
      context.checkCancelled();
      if (n + batch.numRows > scores.length) {
        const capacity = Math.max(n + batch.numRows, 2 * scores.length);
        [scores, positive, negative] = [scores, positive, negative].map((old) => {
          const grown = new Float64Array(capacity);
          grown.set(old.subarray(0, n));
          return grown;
        });
      }
      readScores(batch, scores, n);
      const labels = doublesOf(batch.columns[1], batch.numRows);
      const weights = batch.columns[2] && doublesOf(batch.columns[2], batch.numRows);
      for (let i = 0; i < batch.numRows; i++) {
        const weight = weights ? weights[i] : 1;
        if (weights) checkWeight(weight);
        if (labels[i] > 0.5) positive[n + i] = weight;
        else negative[n + i] = weight;
      }
      n += batch.numRows;
    }
    return scoreRun(scores, positive, negative, n);
  },
});

function readScores(batch: Batch, scores: Float64Array, at: number): void {
  const column = batch.columns[0];
  for (let i = 0; i < batch.numRows; i++) if (isNull(column, i)) throw new SparkRuntimeException("A score is null.");
  if (column.layout !== "vector") {
    scores.set(doublesOf(column, batch.numRows).subarray(0, batch.numRows), at);
    return;
  }
  for (let i = 0; i < batch.numRows; i++) scores[at + i] = secondElement(column, i);
}

function secondElement(column: VectorColumn, row: number): number {
  if (column.form === "dense") return column.values[row * column.size + 1];
  const start = column.offsets[row];
  if (column.kinds[row] === 1) return column.values[start + 1];
  for (let k = start; k < column.offsets[row + 1]; k++) if (column.indices[k] === 1) return column.values[k];
  return 0;
}

interface MergePart {
  readonly runs: readonly ScoreRun[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}
const mergeScores = definePartitionFunction<readonly MergePart[], ScoreRun>({
  name: "ml.evaluation.merge",
  run: async (parts, _batches, { partitionId }) => {
    const { runs, starts, ends } = parts[partitionId];
    return mergeRuns(runs, starts, ends);
  },
});

interface GroupPart {
  readonly run: ScoreRun;
  /** Distinct scores in the runs before this one. */
  readonly offset: number;
  readonly grouping: number;
  /** Positions at which a new group starts in any case, ascending. */
  readonly cuts: readonly number[];
}
interface Groups extends BinaryCurve {
  /** Whether the first group began in the run before. */
  readonly continues: boolean;
}

function groups({ run, offset, grouping, cuts }: GroupPart): Groups {
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

const groupScores = definePartitionFunction<readonly GroupPart[], Groups>({
  name: "ml.evaluation.groups",
  run: async (parts, _batches, { partitionId }) => groups(parts[partitionId]),
});

const sumScores = definePartitionFunction<readonly ScoreRun[], ClassWeights>({
  name: "ml.evaluation.class-weights",
  run: async (ranges, _batches, { partitionId }) => {
    const { length, positive, negative } = ranges[partitionId];
    let sum = NONE;
    for (let i = 0; i < length; i++) sum = plus(sum, { positive: positive[i], negative: negative[i] });
    return sum;
  },
});

const areasOfScores = definePartitionFunction<readonly CurveStretch[], CurveAreas>({
  name: "ml.evaluation.areas",
  run: async (stretches, _batches, { partitionId }) => stretchAreas(stretches[partitionId]),
});
