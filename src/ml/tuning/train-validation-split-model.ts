import type { DataFrame } from "../../sql/api/index.js";
import type { StructType } from "../../sql/types/index.js";
import {
  declareParams,
  defineStage,
  doubleParam,
  JsonDouble,
  Model,
  type ParamAccess,
  type ParamMapLike,
} from "../base/index.js";
import { copyTuned } from "./copy-tuned.js";
import { persistsSubModels, savedModel, savedTuner, tunerPersistence } from "./saved-tuning.js";
import { validatorParams } from "./validator-params.js";

const params = declareParams({
  ...validatorParams,
  trainRatio: doubleParam("Share of the rows that were trained on.", { default: 0.75 }),
});

/** The best model of a train-validation split, with the metrics of all settings. */
export interface TrainValidationSplitModel extends ParamAccess<typeof params, TrainValidationSplitModel> {}
export class TrainValidationSplitModel extends Model {
  constructor(
    readonly bestModel: Model,
    /** Metric of each setting on the validation rows. */
    readonly validationMetrics: readonly number[],
    /** Model of each setting, when `collectSubModels` was on. */
    readonly subModels?: readonly Model[],
    uid?: string,
  ) {
    super({}, uid);
  }

  override copy(extra?: ParamMapLike): this {
    const map = this.paramMapOf(extra);
    return Object.assign(copyTuned(super.copy(map), map), {
      bestModel: this.bestModel.copy(map),
      subModels: this.subModels?.map((model) => model.copy()),
    });
  }

  protected override transformData(df: DataFrame): DataFrame {
    return this.bestModel.transform(df);
  }

  override transformSchema(schema: StructType): StructType {
    return this.bestModel.transformSchema(schema);
  }
}

defineStage(TrainValidationSplitModel, {
  javaClass: "org.apache.spark.ml.tuning.TrainValidationSplitModel",
  aliases: ["pyspark.ml.tuning.TrainValidationSplitModel"],
  params,
  persistence: {
    ...tunerPersistence,
    extraMetadata: (model, options) => ({
      validationMetrics: model.validationMetrics.map((metric) => new JsonDouble(metric)),
      persistSubModels: persistsSubModels(model.subModels !== undefined, options),
    }),
    writeParts: async (model, writer) => {
      await tunerPersistence.writeParts(model, writer);
      await writer.child("bestModel", model.bestModel);
      if (!persistsSubModels(model.subModels !== undefined, writer.options)) return;
      for (const [index, sub] of (model.subModels ?? []).entries()) await writer.child(`subModels/${index}`, sub);
    },
    fromData: async (saved) => {
      const tuner = await savedTuner(saved);
      const subModels =
        saved.metadata.persistSubModels === true
          ? await Promise.all(tuner.estimatorParamMaps.map((_, index) => savedModel(saved, `subModels/${index}`)))
          : undefined;
      const metrics = ((saved.metadata.validationMetrics as number[] | undefined) ?? []).map(Number);
      const bestModel = await savedModel(saved, "bestModel");
      const model = new TrainValidationSplitModel(bestModel, metrics, subModels, saved.uid);
      model.set("estimator", tuner.estimator).set("evaluator", tuner.evaluator);
      return model.set("estimatorParamMaps", tuner.estimatorParamMaps);
    },
  },
});
