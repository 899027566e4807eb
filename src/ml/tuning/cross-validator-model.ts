import type { DataFrame } from "../../sql/api/index.js";
import type { StructType } from "../../sql/types/index.js";
import {
  declareParams,
  defineStage,
  intParam,
  JsonDouble,
  Model,
  type ParamAccess,
  type ParamMapLike,
  stringParam,
} from "../base/index.js";
import { copyTuned } from "./copy-tuned.js";
import { persistsSubModels, savedModel, savedTuner, tunerPersistence } from "./saved-tuning.js";
import { validatorParams } from "./validator-params.js";

const params = declareParams({
  ...validatorParams,
  numFolds: intParam("Number of folds (>= 2).", { default: 3 }),
  foldCol: stringParam('Column of fold numbers; "" if the folds were drawn at random.', { default: "" }),
});

/** The best model of a cross-validation, with the metrics of all settings. */
export interface CrossValidatorModel extends ParamAccess<typeof params, CrossValidatorModel> {}
export class CrossValidatorModel extends Model {
  constructor(
    readonly bestModel: Model,
    /** Mean over the folds of each setting's metric. */
    readonly avgMetrics: readonly number[],
    /** Standard deviation over the folds of each setting's metric. */
    readonly stdMetrics: readonly number[],
    /** Models by fold and setting, when `collectSubModels` was on. */
    readonly subModels?: readonly (readonly Model[])[],
    uid?: string,
  ) {
    super({}, uid);
  }

  override copy(extra?: ParamMapLike): this {
    const map = this.paramMapOf(extra);
    return Object.assign(copyTuned(super.copy(map), map), {
      bestModel: this.bestModel.copy(map),
      subModels: this.subModels?.map((fold) => fold.map((model) => model.copy())),
    });
  }

  protected override transformData(df: DataFrame): DataFrame {
    return this.bestModel.transform(df);
  }

  override transformSchema(schema: StructType): StructType {
    return this.bestModel.transformSchema(schema);
  }
}

defineStage(CrossValidatorModel, {
  javaClass: "org.apache.spark.ml.tuning.CrossValidatorModel",
  aliases: ["pyspark.ml.tuning.CrossValidatorModel"],
  params,
  persistence: {
    ...tunerPersistence,
    extraMetadata: (model, options) => ({
      avgMetrics: model.avgMetrics.map((metric) => new JsonDouble(metric)),
      stdMetrics: model.stdMetrics.map((metric) => new JsonDouble(metric)),
      persistSubModels: persistsSubModels(model.subModels !== undefined, options),
    }),
    writeParts: async (model, writer) => {
      await tunerPersistence.writeParts(model, writer);
      await writer.child("bestModel", model.bestModel);
      if (!persistsSubModels(model.subModels !== undefined, writer.options)) return;
      for (const [fold, models] of (model.subModels ?? []).entries()) {
        for (const [index, sub] of models.entries()) await writer.child(`subModels/fold${fold}/${index}`, sub);
      }
    },
    fromData: async (saved) => {
      const { metadata } = saved;
      const tuner = await savedTuner(saved);
      const { numFolds } = metadata.paramMap as { readonly numFolds: number };
      const folds = Array.from({ length: metadata.persistSubModels === true ? Number(numFolds) : 0 }, (_, fold) =>
        Promise.all(tuner.estimatorParamMaps.map((_, index) => savedModel(saved, `subModels/fold${fold}/${index}`))),
      );
      const subModels = folds.length > 0 ? await Promise.all(folds) : undefined;
      const numbers = (key: string): number[] => ((metadata[key] as number[] | undefined) ?? []).map(Number);
      const bestModel = await savedModel(saved, "bestModel");
      const model = new CrossValidatorModel(
        bestModel,
        numbers("avgMetrics"),
        numbers("stdMetrics"),
        subModels,
        saved.uid,
      );
      model.set("estimator", tuner.estimator).set("evaluator", tuner.evaluator);
      return model.set("estimatorParamMaps", tuner.estimatorParamMaps);
    },
  },
});
