import { javaDouble, SparkRuntimeException } from "../../common/index.js";

/** Spark's `raise_error`: a row that cannot be used for training. */
export const raised = (message: string): SparkRuntimeException =>
  new SparkRuntimeException(message, {
    condition: "USER_RAISED_EXCEPTION",
    sqlState: "P0001",
    parameters: { errorMessage: message },
  });

/** What labels must be: any number, a class index, or a class index below a bound (2 for binary classifiers). */
export type LabelRule = "regression" | "classification" | { readonly numClasses: number };

const MAX_INT = 2 ** 31 - 1;

/** Throws Spark's error for a label (NaN stands for null too) that the rule does not allow. */
export function checkLabel(label: number, rule: LabelRule): void {
  if (Number.isNaN(label)) throw raised("Labels MUST NOT be Null or NaN");
  if (rule === "regression") {
    if (!Number.isFinite(label)) throw raised(`Labels MUST NOT be Infinity, but got ${javaDouble(label)}`);
    return;
  }
  const n = rule === "classification" ? MAX_INT : rule.numClasses;
  if (n === 2) {
    if (label !== 0 && label !== 1) throw raised(`Labels MUST be in {0, 1}, but got ${javaDouble(label)}`);
    return;
  }
  if (label < 0 || label >= n) throw raised(`Labels MUST be in [0, ${n}), but got ${javaDouble(label)}`);
  if (!Number.isInteger(label)) throw raised(`Labels MUST be Integers, but got ${javaDouble(label)}`);
}

/** Throws Spark's error for a weight (NaN stands for null too) that is missing, negative or infinite. */
export function checkWeight(weight: number): void {
  if (Number.isNaN(weight)) throw raised("Weights MUST NOT be Null or NaN");
  if (weight < 0 || weight === Infinity) {
    throw raised(`Weights MUST NOT be Negative or Infinity, but got ${javaDouble(weight)}`);
  }
}
