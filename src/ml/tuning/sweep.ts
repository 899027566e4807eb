import type { DataFrame } from "../../sql/api/index.js";
import { type Evaluator, type Model, type ParamMap, shareInstances } from "../base/index.js";
import { fitCommonStages } from "./common-stages.js";
import type { TunedEstimator } from "./validator-params.js";

/** Everything that stays the same while the settings are tried on one split of the data. */
export interface Sweep {
  readonly estimator: TunedEstimator;
  readonly settings: readonly ParamMap[];
  readonly evaluator: Evaluator;
  readonly parallelism: number;
  readonly keepModels: boolean;
  /** Ends the running fits; none is started any more. */
  readonly signal: AbortSignal | undefined;
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
 * Fits and judges every setting on one split. What all settings have in common is done once: leading stages of a
 * pipeline that no setting touches, the cached halves, the layout of the training data. All is let go at the end,
 * also when a setting fails.
 */
export async function sweepSplit(train: DataFrame, validation: DataFrame, sweep: Sweep): Promise<SweepResult> {
  const { estimator, settings, keepModels, signal } = sweep;
  const options = signal ? { signal } : {};
  const metrics: number[] = new Array(settings.length);
  const models: Model[] = [];
  await withCached([train, validation], async () => {
    const common = await fitCommonStages(estimator, settings, train, options);
    const trainRows = common.transform(train);
    const validationRows = common.transform(validation);
    const derived = common.isEmpty ? [] : [trainRows, validationRows];
    await withCached(derived, async () => {
      const unshare = shareInstances(trainRows);
      try {
        await inParallel(sweep.parallelism, settings, async (setting, index) => {
          const model = await common.rest.fit(trainRows, setting, options);
          metrics[index] = await sweep.evaluator.evaluate(model.transform(validationRows, setting));
          if (keepModels) models[index] = common.complete(model);
          sweep.onDone();
        });
      } finally {
        unshare();
      }
    });
  });
  return { metrics, models };
}

async function withCached(frames: readonly DataFrame[], body: () => Promise<void>): Promise<void> {
  for (const frame of frames) frame.cache();
  try {
    await body();
  } finally {
    await Promise.all(frames.map((frame) => frame.unpersist()));
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
