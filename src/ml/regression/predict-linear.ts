import { f64Column, isNull } from "../../columnar/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { nullRow, udfError, VECTOR_STRUCT, vectorView } from "../base/index.js";

/** A linear model as plain data. */
export interface LinearPayload {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

const STAGE = "LinearRegressionModel";

/** Scores rows of a features column. */
export const predictLinear = defineBatchFunction<LinearPayload>({
  name: "ml.linear.predict",
  open: ({ coefficients, intercept }) => {
    const d = coefficients.length;
    return ([features], numRows) => {
      const { kinds, sizes, offsets, indices, values } = vectorView(features);
      const predictions = new Float64Array(numRows);
      for (let i = 0; i < numRows; i++) {
        if (isNull(features, i)) throw nullRow(STAGE, VECTOR_STRUCT, "double");
        if (sizes[i] !== d) {
          const message = `requirement failed: BLAS.dot(x: Vector, y:Vector) was given Vectors with non-matching sizes: x.size = ${sizes[i]}, y.size = ${d}`;
          throw udfError(STAGE, VECTOR_STRUCT, "double", new IllegalArgumentException(message));
        }
        const start = offsets[i];
        let sum = 0;
        if (kinds[i] === 1) for (let k = start; k < offsets[i + 1]; k++) sum += coefficients[k - start] * values[k];
        else for (let k = start; k < offsets[i + 1]; k++) sum += coefficients[indices[k]] * values[k];
        predictions[i] = sum + intercept;
      }
      return { columns: [f64Column(predictions)] };
    };
  },
});
