import type { DataFrame } from "../../sql/api/index.js";
import { MLWritable } from "./ml-writable.js";
import type { ParamMapLike } from "./param-map.js";

/** Computes one number from a data frame of predictions: the quality that tuning compares. */
export abstract class Evaluator extends MLWritable {
  evaluate(df: DataFrame, params?: ParamMapLike): Promise<number> {
    return this.copy(params).metric(df);
  }

  /** Whether a larger metric is better (area under ROC) or a smaller one (RMSE). */
  isLargerBetter(): boolean {
    return true;
  }

  /** The metric with this instance's params. */
  protected abstract metric(df: DataFrame): Promise<number>;
}
