import { type Batch, isNull, type VectorColumn } from "../../../columnar/index.js";
import { SparkRuntimeException } from "../../../common/index.js";
import { definePartitionFunction } from "../../../exec/index.js";
import { checkWeight, doublesOf } from "../../base/index.js";
import { type ScoreRun, scoreRun } from "./score-runs.js";

/** Sorts and counts the scores of one partition; the columns are score, label and, if any, weight. */
export const countScores = definePartitionFunction<null, ScoreRun>({
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
