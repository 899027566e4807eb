import type { Matrix, Vector } from "../../linalg/index.js";
import { require } from "../base/index.js";
import type { LogisticSettings } from "./logistic-solver.js";

const text = (matrix: Matrix): string => matrix.toString().replace(/\s+/g, " ").trim();

/** Spark's checks of the bounds once classes and features are counted. */
export function checkBounds(settings: LogisticSettings, sets: number, numFeatures: number): void {
  const { lowerCoefficients, upperCoefficients, lowerIntercepts, upperIntercepts } = settings;
  checkShape("LowerBoundsOnCoefficients", lowerCoefficients, sets, numFeatures);
  checkShape("upperBoundsOnCoefficients", upperCoefficients, sets, numFeatures);
  checkSize("lowerBoundsOnIntercepts", lowerIntercepts, sets);
  checkSize("upperBoundsOnIntercepts", upperIntercepts, sets);
  if (lowerCoefficients && upperCoefficients) {
    const [lower, upper] = [lowerCoefficients.toColumnMajor(), upperCoefficients.toColumnMajor()];
    require(lower.every((v, i) => v <= upper[i]), () =>
      `LowerBoundsOnCoefficients should always be less than or equal to upperBoundsOnCoefficients, but found: lowerBoundsOnCoefficients = ${text(lowerCoefficients)} , upperBoundsOnCoefficients = ${text(upperCoefficients)} .`);
  }
  if (lowerIntercepts && upperIntercepts) {
    const [lower, upper] = [lowerIntercepts.toArray(), upperIntercepts.toArray()];
    require(lower.every((v, i) => v <= upper[i]), () =>
      `LowerBoundsOnIntercepts should always be less than or equal to upperBoundsOnIntercepts, but found: lowerBoundsOnIntercepts = ${lowerIntercepts}, upperBoundsOnIntercepts = ${upperIntercepts}.`);
  }
}

function checkShape(name: string, matrix: Matrix | undefined, sets: number, numFeatures: number): void {
  const fits = !matrix || (matrix.numRows === sets && matrix.numCols === numFeatures);
  require(fits, () =>
    `The shape of ${name} must be compatible with (1, number of features) for binomial regression, or (number of classes, number of features) for multinomial regression, but found: (${matrix!.numRows}, ${matrix!.numCols}).`);
}

function checkSize(name: string, vector: Vector | undefined, sets: number): void {
  require(!vector || vector.size === sets, () =>
    `The size of ${name} must be equal to 1 for binomial regression, or the number of classes for multinomial regression, but found: ${vector!.size}.`);
}
