import type { Vector } from "../../linalg/index.js";
import { doubleType, StructField, type StructType, vectorType } from "../../sql/types/index.js";
import { attributeMetadata, groupMetadata } from "./attributes.js";
import { declareParams, type ParamReaders } from "./param.js";
import { argmax, predictedClass } from "./predicted-class.js";
import { PredictionModel, Predictor, predictorParams, predictorSchema } from "./predictor.js";
import { appendColumn } from "./schema-checks.js";
import { hasProbabilityCol, hasRawPredictionCol, hasThresholds } from "./shared-params.js";
import type { PipelineStage } from "./stage.js";

export const classifierParams = declareParams({ ...predictorParams, ...hasRawPredictionCol });
export const probabilisticClassifierParams = declareParams({
  ...classifierParams,
  ...hasProbabilityCol,
  ...hasThresholds,
});

const name = (stage: PipelineStage, param: string): string => stage.getOrDefault(param) as string;

function classifierSchema(stage: PipelineStage, schema: StructType, fitting: boolean): StructType {
  const predicted = predictorSchema(stage, schema, fitting);
  const withRaw = appendColumn(predicted, name(stage, "rawPredictionCol"), vectorType);
  return stage.hasParam("probabilityCol") ? appendColumn(withRaw, name(stage, "probabilityCol"), vectorType) : withRaw;
}

export interface Classifier<M extends ClassificationModel> extends ParamReaders<typeof classifierParams> {}
/** An estimator of a class, labelled 0, 1, ..., numClasses - 1. */
export abstract class Classifier<M extends ClassificationModel = ClassificationModel> extends Predictor<M> {
  override transformSchema(schema: StructType): StructType {
    return classifierSchema(this, schema, true);
  }
}

export interface ClassificationModel extends ParamReaders<typeof classifierParams> {}
/** A model that predicts a class. */
export abstract class ClassificationModel extends PredictionModel {
  abstract readonly numClasses: number;

  /** Confidence of each class for one vector of features. */
  abstract predictRaw(features: Vector): Vector;

  predict(features: Vector): number {
    return argmax(this.predictRaw(features).toArray());
  }

  /**
   * The output columns that are switched on (a column named "" is off), in Spark's order: raw prediction, probability,
   * prediction, with the metadata Spark gives them. Validates the schema first.
   */
  protected predictionFields(schema: StructType): StructField[] {
    classifierSchema(this, schema, false);
    const vector = (column: string): StructField =>
      new StructField(column, vectorType, true, groupMetadata({ size: this.numClasses }));
    const fields = [vector(name(this, "rawPredictionCol"))];
    if (this.hasParam("probabilityCol")) fields.push(vector(name(this, "probabilityCol")));
    const prediction = name(this, "predictionCol");
    const nominal = attributeMetadata({ type: "nominal", numValues: this.numClasses });
    return [...fields, new StructField(prediction, doubleType, false, nominal)].filter((field) => field.name !== "");
  }
}

export interface ProbabilisticClassifier<M extends ProbabilisticClassificationModel> extends ParamReaders<
  typeof probabilisticClassifierParams
> {}
/** A classifier whose model gives class probabilities. */
export abstract class ProbabilisticClassifier<
  M extends ProbabilisticClassificationModel = ProbabilisticClassificationModel,
> extends Classifier<M> {}

export interface ProbabilisticClassificationModel extends ParamReaders<typeof probabilisticClassifierParams> {}
/** A classification model that gives class probabilities. */
export abstract class ProbabilisticClassificationModel extends ClassificationModel {
  /** Probability of each class for one vector of features. */
  abstract predictProbability(features: Vector): Vector;

  override predict(features: Vector): number {
    return predictedClass(this.predictProbability(features).toArray(), this.get("thresholds") as number[] | undefined);
  }
}
