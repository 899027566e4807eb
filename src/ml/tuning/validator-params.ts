import {
  declareParams,
  type Estimator,
  type Evaluator,
  hasCollectSubModels,
  hasParallelism,
  hasSeed,
  type Model,
  objectParam,
  type ParamMap,
} from "../base/index.js";

/** An estimator whose settings are compared. */
export type TunedEstimator = Estimator<Model>;

/** What is tuned and how it is judged: params of the tuners and of their models. */
export const validatorParams = declareParams({
  estimator: objectParam<TunedEstimator>("Estimator whose settings are compared."),
  estimatorParamMaps: objectParam<readonly ParamMap[]>("Settings to compare, as ParamGridBuilder makes them."),
  evaluator: objectParam<Evaluator>("Judges the predictions of each setting."),
  ...hasSeed,
});

/** Params of the tuners only. */
export const tunerParams = declareParams({ ...validatorParams, ...hasParallelism, ...hasCollectSubModels });
