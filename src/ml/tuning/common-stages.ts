import type { DataFrame } from "../../sql/api/index.js";
import type { FitOptions, Model, ParamMap, Transformer } from "../base/index.js";
import { Pipeline, PipelineModel } from "../pipeline/index.js";
import { nestedStages } from "./nested-stages.js";
import type { TunedEstimator } from "./validator-params.js";

/** The leading stages of a pipeline that all settings share, fitted once, and the rest, to be fitted for each setting. */
export interface CommonStages {
  readonly isEmpty: boolean;
  readonly rest: TunedEstimator;
  transform(df: DataFrame): DataFrame;
  /** The whole model of a setting, from the model of the rest. */
  complete(model: Model): Model;
}

/** Fits the leading stages that no setting changes; an estimator that is no pipeline has none. */
export async function fitCommonStages(
  estimator: TunedEstimator,
  settings: readonly ParamMap[],
  train: DataFrame,
  options: FitOptions,
): Promise<CommonStages> {
  const stages = estimator instanceof Pipeline ? estimator.getStages() : [];
  const changed = new Set(settings.flatMap((setting) => [...setting].map(([param]) => param.parent)));
  const first = changed.has(estimator.uid)
    ? 0
    : stages.findIndex((stage) => nestedStages(stage).some(({ uid }) => changed.has(uid)));
  const common = stages.slice(0, Math.max(first, 0));
  if (common.length === 0) {
    return { isEmpty: true, rest: estimator, transform: (df) => df, complete: (model) => model };
  }
  const fitted = await new Pipeline({ stages: common }).fit(train, {}, options);
  return {
    isEmpty: false,
    rest: new Pipeline({ stages: stages.slice(common.length) }, estimator.uid),
    transform: (df) => fitted.transform(df),
    complete: (model) =>
      new PipelineModel([...fitted.stages, ...(model as PipelineModel).stages] as readonly Transformer[], model.uid),
  };
}
