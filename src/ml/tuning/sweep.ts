import type { DataFrame } from "../../sql/api/index.js";
import { type Evaluator, type Model, type ParamMap, shareInstances } from "../base/index.js";
import type { TunedEstimator } from "./validator-params.js";

/** Everything that stays the same while the settings are tried on one split of the data. */
export interface Sweep {
  readonly estimator: TunedEstimator;
  readonly settings: readonly ParamMap[];
  readonly evaluator: Evaluator;
  readonly parallelism: number;
  readonly keepModels: boolean;
  /** Called after each setting. */
  readonly onDone: () => void;
}
export interface SweepResult {
  /** Metric of each setting. */
  readonly metrics: number[];
  /** Model of each setting, when they are kept. */
  readonly models: Model[];
}

/**
 * Fits and judges every setting on one split. Both halves are cached, and training data is laid out once for all
 * settings; both are let go at the end, also when a setting fails.
 */
export async function sweepSplit(train: DataFrame, validation: DataFrame, sweep: Sweep): Promise<SweepResult> {
  const { estimator, settings, evaluator, keepModels, onDone } = sweep;
  train.cache();
  validation.cache();
  const unshare = shareInstances(train);
  const metrics: number[] = new Array(settings.length);
  const models: Model[] = [];
  try {
    await inParallel(sweep.parallelism, settings, async (setting, index) => {
      const model = await estimator.fit(train, setting);
      metrics[index] = await evaluator.evaluate(model.transform(validation, setting));
      if (keepModels) models[index] = model;
      onDone();
    });
    return { metrics, models };
  } finally {
    unshare();
    await Promise.all([train.unpersist(), validation.unpersist()]);
  }
}

/** Runs the work of all items, at most `width` at a time; after a failure nothing new starts, and what runs is awaited. */
async function inParallel<T>(
  width: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (!failed && next < items.length) {
      const index = next++;
      try {
        await work(items[index], index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = Array.from({ length: Math.min(width, items.length) }, lane);
  const ended = await Promise.allSettled(lanes);
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}

/** Position of the best metric; like numpy's argmax, NaN counts as best. */
export function bestSetting(metrics: readonly number[], largerIsBetter: boolean): number {
  const nan = metrics.findIndex(Number.isNaN);
  if (nan >= 0) return nan;
  return metrics.indexOf(largerIsBetter ? Math.max(...metrics) : Math.min(...metrics));
}
