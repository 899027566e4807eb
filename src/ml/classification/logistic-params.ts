import { javaDouble } from "../../common/index.js";
import type { StructType } from "../../sql/types/index.js";
import {
  declareParams,
  hasAggregationDepth,
  hasElasticNetParam,
  hasFitIntercept,
  hasMaxBlockSizeInMB,
  hasMaxIter,
  hasRegParam,
  hasStandardization,
  hasThreshold,
  hasTol,
  hasWeightCol,
  matrixParam,
  oneOfIgnoringCase,
  type Params,
  probabilisticClassifierParams,
  require,
  stringParam,
  vectorParam,
} from "../base/index.js";

export const logisticParams = declareParams({
  ...probabilisticClassifierParams,
  ...hasElasticNetParam,
  ...hasFitIntercept,
  ...hasStandardization,
  ...hasThreshold,
  ...hasWeightCol,
  ...hasAggregationDepth,
  ...hasMaxBlockSizeInMB,
  maxIter: { ...hasMaxIter.maxIter, default: 100 },
  regParam: { ...hasRegParam.regParam, default: 0 },
  tol: { ...hasTol.tol, default: 1e-6 },
  family: stringParam("Label distribution: auto, binomial or multinomial.", {
    default: "auto",
    valid: oneOfIgnoringCase("auto", "binomial", "multinomial"),
  }),
  lowerBoundsOnCoefficients: matrixParam("Least coefficients: 1 row, or one a class, by the number of features."),
  upperBoundsOnCoefficients: matrixParam("Largest coefficients: 1 row, or one a class, by the number of features."),
  lowerBoundsOnIntercepts: vectorParam("Least intercepts: 1, or one a class."),
  upperBoundsOnIntercepts: vectorParam("Largest intercepts: 1, or one a class."),
});

const bounds = [
  "lowerBoundsOnCoefficients",
  "upperBoundsOnCoefficients",
  "lowerBoundsOnIntercepts",
  "upperBoundsOnIntercepts",
];

/** Whether any bound is set, and L-BFGS-B does the work. */
export const hasBounds = (stage: Params): boolean => bounds.some((name) => stage.isSet(name));

/** Checks between params that Spark makes before it looks at the data. */
export function checkLogisticParams(stage: Params, schema: StructType): StructType {
  checkThresholds(stage);
  if (hasBounds(stage)) {
    const elasticNet = stage.getOrDefault("elasticNetParam") as number;
    require(elasticNet === 0, () =>
      `Fitting under bound constrained optimization only supports L2 regularization, but got elasticNetParam = ${javaDouble(elasticNet)}.`);
  }
  if (!stage.getOrDefault("fitIntercept")) {
    const free = !stage.isSet("lowerBoundsOnIntercepts") && !stage.isSet("upperBoundsOnIntercepts");
    require(free, () => "Please don't set bounds on intercepts if fitting without intercept.");
  }
  return schema;
}

function checkThresholds(stage: Params): void {
  if (!stage.isSet("threshold") || !stage.isSet("thresholds")) return;
  const threshold = stage.get("threshold") as number;
  const thresholds = stage.get("thresholds") as number[];
  require(thresholds.length === 2, () =>
    `Logistic Regression found inconsistent values for threshold and thresholds.  Param threshold is set (${javaDouble(threshold)}), indicating binary classification, but Param thresholds is set with length ${thresholds.length}. Clear one Param value to fix this problem.`);
  const equivalent = 1 / (1 + thresholds[0] / thresholds[1]);
  require(Math.abs(threshold - equivalent) < 1e-5, () =>
    `Logistic Regression getThreshold found inconsistent values for threshold (${javaDouble(threshold)}) and thresholds (equivalent to ${javaDouble(equivalent)})`);
}

/** Threshold of binary prediction, from `thresholds` where those are set. */
export function binaryThreshold(stage: Params): number {
  checkThresholds(stage);
  if (!stage.isSet("thresholds")) return stage.getOrDefault("threshold") as number;
  const thresholds = stage.get("thresholds") as number[];
  require(thresholds.length === 2, () =>
    `Logistic Regression getThreshold only applies to binary classification, but thresholds has length != 2.  thresholds: ${thresholds.map(javaDouble).join(",")}`);
  return 1 / (1 + thresholds[0] / thresholds[1]);
}

/** One threshold a class; for a binary threshold `t` these are `1 - t` and `t`. */
export function classThresholds(stage: Params): number[] | undefined {
  checkThresholds(stage);
  if (stage.isSet("thresholds") || !stage.isSet("threshold")) return stage.get("thresholds") as number[] | undefined;
  const threshold = stage.get("threshold") as number;
  return [1 - threshold, threshold];
}
