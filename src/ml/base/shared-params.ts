import { declareParams, type ParamOwner } from "./param.js";
import {
  booleanParam,
  doubleArrayParam,
  doubleParam,
  intParam,
  longParam,
  stringArrayParam,
  stringParam,
} from "./param-types.js";
import { gtEq, inRange, oneOf, validWhen } from "./param-validators.js";
import { javaStringHash } from "./uid.js";

/** Declarations that stages share, under the names of Spark's traits; spread them into `declareParams`. */
export const hasInputCol = declareParams({ inputCol: stringParam("Name of the input column.") });
export const hasInputCols = declareParams({ inputCols: stringArrayParam("Names of the input columns.") });
export const hasOutputCol = declareParams({
  outputCol: stringParam("Name of the output column.", { default: ({ uid }: ParamOwner) => `${uid}__output` }),
});
export const hasOutputCols = declareParams({ outputCols: stringArrayParam("Names of the output columns.") });
export const hasFeaturesCol = declareParams({
  featuresCol: stringParam("Name of the features column.", { default: "features" }),
});
export const hasLabelCol = declareParams({ labelCol: stringParam("Name of the label column.", { default: "label" }) });
export const hasPredictionCol = declareParams({
  predictionCol: stringParam("Name of the prediction column.", { default: "prediction" }),
});
export const hasRawPredictionCol = declareParams({
  rawPredictionCol: stringParam("Name of the raw prediction (confidence) column.", { default: "rawPrediction" }),
});
export const hasProbabilityCol = declareParams({
  probabilityCol: stringParam("Name of the column of class probabilities.", { default: "probability" }),
});
export const hasWeightCol = declareParams({
  weightCol: stringParam("Name of the weight column; unset or empty gives every row the weight 1."),
});
export const hasThreshold = declareParams({
  threshold: doubleParam("Threshold of binary prediction, in [0, 1].", { default: 0.5, valid: inRange(0, 1) }),
});
/** All thresholds non-negative, at most one of them zero. */
export const hasThresholds = declareParams({
  thresholds: doubleArrayParam(
    "One threshold a class, all non-negative and at most one zero: the class with the largest probability/threshold is predicted.",
    {
      valid: validWhen(
        "non-negative, at most one zero",
        (values) => values.every((v) => v >= 0) && values.filter((v) => v === 0).length <= 1,
      ),
    },
  ),
});
export const hasMaxIter = declareParams({
  maxIter: intParam("Maximum number of iterations (>= 0).", { valid: gtEq(0) }),
});
export const hasRegParam = declareParams({
  regParam: doubleParam("Regularization strength (>= 0).", { valid: gtEq(0) }),
});
export const hasElasticNetParam = declareParams({
  elasticNetParam: doubleParam("Mix of the penalties: 0 is L2 only, 1 is L1 only.", {
    default: 0,
    valid: inRange(0, 1),
  }),
});
export const hasTol = declareParams({ tol: doubleParam("Convergence tolerance (>= 0).", { valid: gtEq(0) }) });
export const hasStepSize = declareParams({
  stepSize: doubleParam("Step size of each iteration (> 0).", { valid: validWhen(">0", (v) => v > 0) }),
});
export const hasFitIntercept = declareParams({
  fitIntercept: booleanParam("Whether to fit an intercept.", { default: true }),
});
export const hasStandardization = declareParams({
  standardization: booleanParam("Whether to scale the features to unit variance while training.", { default: true }),
});
export const hasSolver = declareParams({ solver: stringParam("Algorithm of the optimization.") });
export const hasLoss = declareParams({ loss: stringParam("Loss function to minimize.") });
export const hasAggregationDepth = declareParams({
  aggregationDepth: intParam("Depth of Spark's tree aggregation (>= 2); accepted and saved, without effect here.", {
    default: 2,
    valid: gtEq(2),
  }),
});
export const hasMaxBlockSizeInMB = declareParams({
  maxBlockSizeInMB: doubleParam(
    "Memory of Spark's stacked blocks in MB (>= 0); accepted and saved, without effect here.",
    {
      default: 0,
      valid: gtEq(0),
    },
  ),
});
export const hasBlockSize = declareParams({
  blockSize: intParam("Rows of a block (>= 1); accepted and saved, without effect here.", { valid: gtEq(1) }),
});
/** Default: Java's string hash of the Scala class name, so that unseeded runs repeat as Spark's do. */
export const hasSeed = declareParams({
  seed: longParam("Random seed.", { default: ({ javaClass }: ParamOwner) => javaStringHash(javaClass) }),
});
export const hasCheckpointInterval = declareParams({
  checkpointInterval: intParam("Iterations between checkpoints (>= 1), or -1 for none.", {
    valid: validWhen("-1 or >=1", (v) => v === -1 || v >= 1),
  }),
});
export const hasDistanceMeasure = declareParams({
  distanceMeasure: stringParam("Distance between points: euclidean or cosine.", {
    default: "euclidean",
    valid: oneOf("euclidean", "cosine"),
  }),
});
export const hasHandleInvalid = declareParams({
  handleInvalid: stringParam("What to do with invalid rows: error, skip, or keep where the stage knows it.", {
    valid: oneOf("error", "skip", "keep"),
  }),
});
export const hasRelativeError = declareParams({
  relativeError: doubleParam("Relative target precision of approximate quantiles, in [0, 1].", {
    default: 0.001,
    valid: inRange(0, 1),
  }),
});
export const hasNumFeatures = declareParams({
  numFeatures: intParam("Number of features (> 0).", { default: 262_144, valid: gtEq(1) }),
});
export const hasParallelism = declareParams({
  parallelism: intParam("Settings fitted at the same time (>= 1).", { default: 1, valid: gtEq(1) }),
});
export const hasCollectSubModels = declareParams({
  collectSubModels: booleanParam("Whether to keep all models of the sweep, not only the best.", { default: false }),
});
export const hasValidationIndicatorCol = declareParams({
  validationIndicatorCol: stringParam("Name of the boolean column that marks validation rows."),
});
export const hasVarianceCol = declareParams({ varianceCol: stringParam("Name of the column of predicted variances.") });
const storageLevels = ["DISK_ONLY", "MEMORY_AND_DISK", "MEMORY_ONLY", "MEMORY_ONLY_SER", "OFF_HEAP"];
/** Storage levels that Spark accepts for intermediate data: all but NONE. */
export const hasIntermediateStorageLevel = declareParams({
  intermediateStorageLevel: stringParam("Storage level of intermediate data; not NONE.", {
    default: "MEMORY_AND_DISK",
    valid: validWhen(`one of ${storageLevels.join(", ")}`, (v) =>
      /^(DISK_ONLY(_[23])?|MEMORY_(ONLY|AND_DISK)(_SER)?(_2)?|OFF_HEAP)$/.test(v),
    ),
  }),
});
