import type { Evaluator, ParamMap, Params } from "../base/index.js";
import type { TunedEstimator } from "./validator-params.js";

/** Gives a copied tuner (or its model) copies of its estimator and evaluator, with the params in `extra` that are theirs. */
export function copyTuned<T extends Params>(that: T, extra: ParamMap): T {
  if (that.isSet("estimator")) that.set("estimator", (that.get("estimator") as TunedEstimator).copy(extra));
  if (that.isSet("evaluator")) that.set("evaluator", (that.get("evaluator") as Evaluator).copy(extra));
  return that;
}
