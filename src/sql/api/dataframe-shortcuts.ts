import type { DataFrame } from "./dataframe.js";
import { DataFrameActions } from "./dataframe-actions.js";
import type { DataFrameNaFunctions } from "./dataframe-na-functions.js";
import type { DataFrameStatFunctions } from "./dataframe-stat-functions.js";

/** Calls that Spark offers on a DataFrame as well as on its `na` and `stat`. */
export abstract class DataFrameShortcuts extends DataFrameActions {
  abstract get na(): DataFrameNaFunctions;
  abstract get stat(): DataFrameStatFunctions;

  fillna(value: unknown, subset?: string | readonly string[]): DataFrame {
    return this.na.fill(value as never, subset);
  }
  dropna(how: "any" | "all" = "any", thresh?: number, subset?: string | readonly string[]): DataFrame {
    return this.na.drop(how, thresh, subset);
  }
  replace(from: unknown, to?: unknown, subset?: string | readonly string[]): DataFrame {
    return this.na.replace(from as never, to as never, subset);
  }
  /** Values at the given fractions of sorted numeric columns, off by at most `relativeError * count` ranks. */
  approxQuantile(columns: string, probabilities: readonly number[], relativeError: number): Promise<number[]>;
  approxQuantile(
    columns: readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[][]>;
  approxQuantile(
    columns: string | readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[] | number[][]> {
    return this.stat.approxQuantile(columns as string, probabilities, relativeError);
  }
  corr(a: string, b: string, method = "pearson"): Promise<number> {
    return this.stat.corr(a, b, method);
  }
  cov(a: string, b: string): Promise<number> {
    return this.stat.cov(a, b);
  }
  crosstab(a: string, b: string): DataFrame {
    return this.stat.crosstab(a, b);
  }
  freqItems(columns: readonly string[], support?: number): DataFrame {
    return this.stat.freqItems(columns, support);
  }
}
