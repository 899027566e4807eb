import { isNull } from "../../columnar/index.js";
import {
  approxQuantileError,
  mergeSketches,
  type QuantileSketch,
  QuantileSummaries,
  querySketch,
} from "../../common/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import type { DataFrame, RunOptions } from "../../sql/api/index.js";
import { numbersOf } from "./numeric-reader.js";

export interface SurrogateRequest {
  readonly strategy: string;
  readonly missingValue: number;
  readonly relativeError: number;
  /** Scale of each decimal column, 0 of others. */
  readonly scales: readonly number[];
}

/** What one partition says about one column. */
type ColumnStatistics =
  | { readonly strategy: "mean"; readonly sum: number; readonly count: number }
  | { readonly strategy: "median"; readonly sketch: QuantileSketch }
  | { readonly strategy: "mode"; readonly counts: ReadonlyMap<number, number> };

/** Mean, median or mode of every column of `df`; undefined for columns without a value. */
export async function collectSurrogates(
  df: DataFrame,
  request: SurrogateRequest,
  options: RunOptions,
): Promise<(number | undefined)[]> {
  const parts = await df.runPartitions<ColumnStatistics[]>(surrogateStatistics.name, request, options);
  return request.scales.map((_, c) => {
    const [first, ...rest] = parts.map((part) => part[c]);
    return first && surrogateOf(rest.reduce(merge, first));
  });
}

function merge(a: ColumnStatistics, b: ColumnStatistics): ColumnStatistics {
  if (a.strategy === "mean" && b.strategy === "mean") {
    return { strategy: "mean", sum: a.sum + b.sum, count: a.count + b.count };
  }
  if (a.strategy === "median" && b.strategy === "median") {
    return { strategy: "median", sketch: mergeSketches(a.sketch, b.sketch) };
  }
  if (a.strategy === "mode" && b.strategy === "mode") {
    const counts = new Map(a.counts);
    for (const [value, count] of b.counts) counts.set(value, (counts.get(value) ?? 0) + count);
    return { strategy: "mode", counts };
  }
  throw new TypeError(`statistics of ${a.strategy} and ${b.strategy} do not merge`);
}

function surrogateOf(statistics: ColumnStatistics): number | undefined {
  if (statistics.strategy === "mean") {
    return statistics.count === 0 ? undefined : statistics.sum / statistics.count;
  }
  if (statistics.strategy === "median") return querySketch(statistics.sketch, [0.5])?.[0];
  let best: readonly [value: number, count: number] | undefined;
  for (const entry of statistics.counts) {
    if (!best || entry[1] > best[1] || (entry[1] === best[1] && entry[0] < best[0])) best = entry;
  }
  return best?.[0];
}

interface Collector {
  add(value: number): void;
  finish(): ColumnStatistics;
}

function collector({ strategy, relativeError }: SurrogateRequest): Collector {
  if (strategy === "median") {
    const summaries = new QuantileSummaries(approxQuantileError(relativeError));
    return { add: (value) => summaries.insert(value), finish: () => ({ strategy, sketch: summaries.finish() }) };
  }
  if (strategy === "mode") {
    const counts = new Map<number, number>();
    return {
      add: (value) => counts.set(value, (counts.get(value) ?? 0) + 1),
      finish: () => ({ strategy, counts }),
    };
  }
  let sum = 0;
  let count = 0;
  return {
    add(value) {
      sum += value;
      count++;
    },
    finish: () => ({ strategy: "mean", sum, count }),
  };
}

/** Null, NaN and the missing value do not count. */
const surrogateStatistics = definePartitionFunction<SurrogateRequest, ColumnStatistics[]>({
  name: "ml.imputer.statistics",
  async run(request, batches, context) {
    const collectors = request.scales.map(() => collector(request));
    for await (const { columns } of batches) {
      context.checkCancelled();
      columns.forEach((column, c) => {
        const values = numbersOf(column, request.scales[c]);
        for (let i = 0; i < column.length; i++) {
          const value = values[i];
          if (value === request.missingValue || Number.isNaN(value) || isNull(column, i)) continue;
          collectors[c].add(value);
        }
      });
    }
    return collectors.map((one) => one.finish());
  },
});
