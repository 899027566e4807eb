import { f64Column, denseVectorColumn, isNull, type MixedVectorColumn } from "../../columnar/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import { argmax, nullRow, predictedClass, udfError, VECTOR_STRUCT, vectorView } from "../base/index.js";

/** A linear classifier as plain data. */
export interface LinearClassifier {
  readonly stage: string;
  /** One row, or one a class; row-major. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly numFeatures: number;
  readonly multinomial: boolean;
  /** Binary: the probability above which 1 is predicted. */
  readonly threshold: number;
  readonly thresholds: readonly number[] | undefined;
  /** Which of raw prediction, probability and prediction are wanted. */
  readonly outputs: readonly ("raw" | "probability" | "prediction")[];
}

export const rowMargin = (model: LinearClassifier, set: number, rows: MixedVectorColumn, row: number): number => {
  const { coefficients, numFeatures } = model;
  const { offsets, indices, values, kinds } = rows;
  const base = set * numFeatures;
  const start = offsets[row];
  let sum = 0;
  if (kinds[row] === 1)
    for (let k = start; k < offsets[row + 1]; k++) sum += coefficients[base + k - start] * values[k];
  else for (let k = start; k < offsets[row + 1]; k++) sum += coefficients[base + indices[k]] * values[k];
  return sum + model.intercepts[set];
};

/** Turns raw scores into probabilities in place; a score of infinity takes all, as in Spark's `Utils.softmax`. */
export function probabilities(raw: Float64Array, start: number, count: number, multinomial: boolean): void {
  if (!multinomial) {
    raw[start] = 1 / (1 + Math.exp(-raw[start]));
    raw[start + 1] = 1 - raw[start];
    return;
  }
  const best = argmax(raw, start, count);
  const most = raw[start + best];
  if (most === Infinity) {
    raw.fill(0, start, start + count);
    raw[start + best] = 1;
    return;
  }
  let total = 0;
  for (let c = start; c < start + count; c++) total += raw[c] = Math.exp(raw[c] - most);
  for (let c = start; c < start + count; c++) raw[c] /= total;
}

type ClassOf = (raw: Float64Array, probability: Float64Array, start: number, count: number) => number;

/** As in Spark the raw scores decide when that column is on, else the probabilities; the two differ by rounding at most. */
function classOf({ multinomial, threshold, thresholds, outputs }: LinearClassifier): ClassOf {
  const byRaw = outputs.includes("raw");
  if (!multinomial) {
    const margin = Math.log(threshold / (1 - threshold));
    return byRaw
      ? (raw, _, start) => (raw[start + 1] > margin ? 1 : 0)
      : (_, probability, start) => (probability[start + 1] > threshold ? 1 : 0);
  }
  if (thresholds) return (_, probability, start, count) => predictedClass(probability, thresholds, start, count);
  return (raw, probability, start, count) => argmax(byRaw ? raw : probability, start, count);
}

/** Scores rows of a features column with a linear classifier. */
export const predictClasses = defineBatchFunction<LinearClassifier>({
  name: "ml.logistic.predict",
  open: (model) => {
    const { multinomial, numFeatures, outputs } = model;
    const width = multinomial ? model.intercepts.length : 2;
    const predict = classOf(model);
    return ([features], numRows) => {
      const rows = vectorView(features);
      const raw = new Float64Array(numRows * width);
      for (let i = 0; i < numRows; i++) {
        if (isNull(features, i)) throw nullRow(model.stage, VECTOR_STRUCT, VECTOR_STRUCT);
        if (rows.sizes[i] !== numFeatures) throw wrongSize(model, rows.sizes[i]);
        if (multinomial) for (let c = 0; c < width; c++) raw[i * width + c] = rowMargin(model, c, rows, i);
        else {
          const margin = rowMargin(model, 0, rows, i);
          raw[2 * i] = -margin;
          raw[2 * i + 1] = margin;
        }
      }
      const probability = raw.slice();
      for (let i = 0; i < numRows; i++) probabilities(probability, i * width, width, multinomial);
      const made = {
        raw: () => denseVectorColumn(raw, width, numRows),
        probability: () => denseVectorColumn(probability, width, numRows),
        prediction: () =>
          f64Column(Float64Array.from({ length: numRows }, (_, i) => predict(raw, probability, i * width, width))),
      };
      return { columns: outputs.map((output) => made[output]()) };
    };
  },
});

function wrongSize({ stage, numFeatures, multinomial }: LinearClassifier, found: number): Error {
  const message = multinomial
    ? `requirement failed: The columns of A don't match the number of elements of x. A: ${numFeatures}, x: ${found}`
    : `requirement failed: BLAS.dot(x: Vector, y:Vector) was given Vectors with non-matching sizes: x.size = ${found}, y.size = ${numFeatures}`;
  return udfError(stage, VECTOR_STRUCT, VECTOR_STRUCT, new IllegalArgumentException(message));
}
