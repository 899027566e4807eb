import { doubleType, StructField, type StructType, vectorType } from "../../sql/types/index.js";
import type { Vector } from "../../linalg/index.js";
import { attributeMetadata } from "./attributes.js";
import { declareParams, type ParamReaders } from "./param.js";
import { appendColumn, checkColumnType, checkNumericColumn } from "./schema-checks.js";
import { hasFeaturesCol, hasLabelCol, hasPredictionCol } from "./shared-params.js";
import { Estimator, Model, type PipelineStage } from "./stage.js";

/** Params of every predictor and its model. */
export const predictorParams = declareParams({ ...hasFeaturesCol, ...hasLabelCol, ...hasPredictionCol });

/** Schema rule of predictors: a vector of features in, with `fitting` a numeric label and weight, a double prediction out. */
export function predictorSchema(stage: PipelineStage, schema: StructType, fitting: boolean): StructType {
  checkColumnType(schema, stage.getOrDefault("featuresCol") as string, vectorType);
  if (fitting) {
    checkNumericColumn(schema, stage.getOrDefault("labelCol") as string);
    const weightCol = stage.hasParam("weightCol") ? (stage.get("weightCol") as string | undefined) : undefined;
    if (weightCol) checkNumericColumn(schema, weightCol);
  }
  return appendColumn(schema, stage.getOrDefault("predictionCol") as string, doubleType);
}

export interface Predictor<M extends Model> extends ParamReaders<typeof predictorParams> {}
/** An estimator of labels: classification and regression. */
export abstract class Predictor<M extends Model> extends Estimator<M> {
  override transformSchema(schema: StructType): StructType {
    return predictorSchema(this, schema, true);
  }
}

export interface PredictionModel extends ParamReaders<typeof predictorParams> {}
/** A model that predicts one double a row of features. */
export abstract class PredictionModel extends Model {
  /** Number of features the model was trained on; -1 when unknown. */
  abstract readonly numFeatures: number;

  /** Prediction for one vector of features. */
  abstract predict(features: Vector): number;
}

/** An estimator of a real-valued label. */
export abstract class Regressor<M extends RegressionModel = RegressionModel> extends Predictor<M> {}

/** A model that predicts a real value. */
export abstract class RegressionModel extends PredictionModel {
  /** The prediction column with Spark's metadata, or none when it is switched off (named ""); validates the schema first. */
  protected predictionFields(schema: StructType): StructField[] {
    predictorSchema(this, schema, false);
    const column = this.getOrDefault("predictionCol") as string;
    return column === "" ? [] : [new StructField(column, doubleType, false, attributeMetadata({ type: "numeric" }))];
  }
}
