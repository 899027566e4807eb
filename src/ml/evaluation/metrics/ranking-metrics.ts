import { type Column, isValid, type ListColumn, type NumberColumn } from "../../../columnar/index.js";
import { UnsupportedOperationException } from "../../../common/index.js";
import { definePartitionFunction } from "../../../exec/index.js";
import type { DataFrame } from "../../../sql/api/index.js";
import { namedColumn } from "../../base/index.js";

export interface RankingRequest {
  /** Arrays of double: what was recommended, best first. */
  readonly predictionCol: string;
  /** Arrays of double: what is relevant, in any order. */
  readonly labelCol: string;
  readonly metricName: RankingMetric;
  readonly k: number;
}
export type RankingMetric = keyof typeof metrics;

/** Mean of a ranking metric over the rows, computed on the workers. */
export async function rankingMetric(df: DataFrame, request: RankingRequest): Promise<number> {
  const { predictionCol, labelCol, metricName, k } = request;
  const rows = df.select(namedColumn(predictionCol), namedColumn(labelCol));
  const parts = await rows.runPartitions<Mean>(sumRankings.name, { metricName, k });
  const count = parts.reduce((n, part) => n + part.count, 0);
  if (count === 0) throw new UnsupportedOperationException("empty collection: there is no row to evaluate");
  return parts.reduce((sum, part) => sum + part.sum, 0) / count;
}

interface Mean {
  readonly sum: number;
  readonly count: number;
}

const sumRankings = definePartitionFunction<{ readonly metricName: RankingMetric; readonly k: number }, Mean>({
  name: "ml.evaluation.ranking",
  async run({ metricName, k }, batches, context) {
    const metric = metrics[metricName];
    let sum = 0;
    let count = 0;
    for await (const { columns, numRows } of batches) {
      context.checkCancelled();
      for (let i = 0; i < numRows; i++) {
        const relevant = new Set(items(columns[1], i));
        if (relevant.size > 0) sum += metric(items(columns[0], i), relevant, k);
      }
      count += numRows;
    }
    return { sum, count };
  },
});

function items(column: Column, row: number): ArrayLike<number> & Iterable<number> {
  if (!isValid(column, row)) return [];
  const { offsets, child } = column as ListColumn;
  return ((child as NumberColumn).values as Float64Array).subarray(offsets[row], offsets[row + 1]);
}

type RowMetric = (predicted: ArrayLike<number>, relevant: ReadonlySet<number>, k: number) => number;

function averagePrecision(predicted: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let hits = 0;
  let sum = 0;
  for (let i = 0; i < Math.min(k, predicted.length); i++) {
    if (!relevant.has(predicted[i])) continue;
    hits++;
    sum += hits / (i + 1);
  }
  return sum / Math.min(relevant.size, k);
}

function hitsAt(predicted: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let hits = 0;
  for (let i = 0; i < Math.min(k, predicted.length); i++) if (relevant.has(predicted[i])) hits++;
  return hits;
}

function ndcg(predicted: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let best = 0;
  let reached = 0;
  for (let i = 0; i < Math.min(Math.max(predicted.length, relevant.size), k); i++) {
    const gain = 1 / Math.log(i + 2);
    if (i < predicted.length && relevant.has(predicted[i])) reached += gain;
    if (i < relevant.size) best += gain;
  }
  return best === 0 ? 0 : reached / best;
}

/** One row's metric, for rows with at least one relevant item; others count 0. */
const metrics = {
  meanAveragePrecision: ((predicted, relevant) =>
    averagePrecision(predicted, relevant, Math.max(predicted.length, relevant.size))) as RowMetric,
  meanAveragePrecisionAtK: averagePrecision as RowMetric,
  precisionAtK: ((predicted, relevant, k) => hitsAt(predicted, relevant, k) / k) as RowMetric,
  ndcgAtK: ndcg as RowMetric,
  recallAtK: ((predicted, relevant, k) => hitsAt(predicted, relevant, k) / relevant.size) as RowMetric,
} as const;
