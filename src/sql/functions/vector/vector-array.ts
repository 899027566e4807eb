import { DenseVector, type Vector } from "../../../linalg/index.js";
import {
  checkCount,
  defineFunction,
  type ScalarFunction,
  takes,
  typeOf,
  unexpectedInput,
} from "../../expressions/index.js";
import { ArrayType, doubleType, floatType, VectorUDT, vectorType } from "../../types/index.js";

export const vectorToArray = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["vector_to_array"],
  doc: "A vector's values as an array of doubles, or of floats if the second argument is float32.",
  signature(args, call) {
    checkCount(call, 1, 2);
    if (!(typeOf(args[0]) instanceof VectorUDT)) throw unexpectedInput(call, 0, vectorType);
    const single = args[1]?.kind === "literal" && args[1].value === "float32";
    return { args, type: new ArrayType(single ? floatType : doubleType, false) };
  },
  eval: () => (vector: Vector) => Array.from(vector.toArray()),
});

export const arrayToVector = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["array_to_vector"],
  doc: "An array of numbers as a dense vector.",
  signature: takes([new ArrayType(doubleType)], vectorType),
  eval: () => (values: readonly number[]) => new DenseVector(values),
});
