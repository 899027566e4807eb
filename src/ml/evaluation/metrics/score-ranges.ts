import { definePartitionFunction } from "../../../exec/index.js";
import {
  addWeights,
  type ClassWeights,
  type CurveAreas,
  type CurveStretch,
  NO_WEIGHT,
  stretchAreas,
} from "./curve-areas.js";
import { mergeRuns, type ScoreRun } from "./score-runs.js";

/** Functions over ranges of scores in shared memory: the payload has one entry a task. */
export interface MergePart {
  readonly runs: readonly ScoreRun[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}
export const mergeScores = definePartitionFunction<readonly MergePart[], ScoreRun>({
  name: "ml.evaluation.merge",
  run: async (parts, _batches, { partitionId }) => {
    const { runs, starts, ends } = parts[partitionId];
    return mergeRuns(runs, starts, ends);
  },
});

export const sumScores = definePartitionFunction<readonly ScoreRun[], ClassWeights>({
  name: "ml.evaluation.class-weights",
  run: async (ranges, _batches, { partitionId }) => {
    const { length, positive, negative } = ranges[partitionId];
    let sum = NO_WEIGHT;
    for (let i = 0; i < length; i++) sum = addWeights(sum, { positive: positive[i], negative: negative[i] });
    return sum;
  },
});

export const areasOfScores = definePartitionFunction<readonly CurveStretch[], CurveAreas>({
  name: "ml.evaluation.areas",
  run: async (stretches, _batches, { partitionId }) => stretchAreas(stretches[partitionId]),
});
