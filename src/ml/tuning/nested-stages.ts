import { Params } from "../base/index.js";

/** A stage and all stages among its params (of a pipeline, a tuner, a meta-estimator), at any depth. */
export function nestedStages(stage: Params): Params[] {
  const values = stage.setParamValues().flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  return [stage, ...values.filter((value) => value instanceof Params).flatMap(nestedStages)];
}
