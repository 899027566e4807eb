import { javaDouble } from "../../common/index.js";
import { DenseMatrix, type Matrix, SparseMatrix, type Vector, Vectors } from "../../linalg/index.js";
import type { ParamType } from "./param-types.js";

/** JSON text of a double as Spark's params have it: `1.0E-6`, and `"NaN"`, `"Inf"`, `"-Inf"` as texts. */
export function doubleJson(value: number): string {
  if (Number.isNaN(value)) return '"NaN"';
  if (!Number.isFinite(value)) return value > 0 ? '"Inf"' : '"-Inf"';
  return javaDouble(value);
}

const list = (values: Iterable<number>, text: (value: number) => string): string =>
  `[${Array.from(values, text).join(",")}]`;
const doubles = (values: Iterable<number>): string => list(values, javaDouble);
const ints = (values: Iterable<number>): string => list(values, String);

function vectorJson(vector: Vector): string {
  const { indices } = vector as { indices?: Int32Array };
  return indices
    ? `{"type":0,"size":${vector.size},"indices":${ints(indices)},"values":${doubles(vector.values)}}`
    : `{"type":1,"values":${doubles(vector.values)}}`;
}

function matrixJson(matrix: Matrix): string {
  const shape = `"numRows":${matrix.numRows},"numCols":${matrix.numCols}`;
  const rest = `"values":${doubles(matrix.values)},"isTransposed":${matrix.isTransposed}}`;
  return matrix instanceof SparseMatrix
    ? `{"class":"matrix","type":0,${shape},"colPtrs":${ints(matrix.colPtrs)},"rowIndices":${ints(matrix.rowIndices)},${rest}`
    : `{"class":"matrix","type":1,${shape},${rest}`;
}

/** A param's value as JSON text, with the encodings of Spark's `Param.jsonEncode`. */
export function encodeParam(type: ParamType, value: unknown): string {
  switch (type) {
    case "double":
      return doubleJson(value as number);
    case "double[]":
      return list(value as readonly number[], doubleJson);
    case "double[][]":
      return `[${(value as readonly (readonly number[])[]).map((row) => list(row, doubleJson)).join(",")}]`;
    case "vector":
      return vectorJson(value as Vector);
    case "matrix":
      return matrixJson(value as Matrix);
    case "long":
      return String(value);
    default:
      return JSON.stringify(value);
  }
}

const special: Readonly<Record<string, number>> = { NaN: NaN, Inf: Infinity, "-Inf": -Infinity };
const double = (json: unknown): number => (typeof json === "string" ? (special[json] ?? Number(json)) : Number(json));
const decodeDoubles = (json: unknown): number[] => (json as unknown[]).map(double);

type MatrixFields = Readonly<
  Record<"numRows" | "numCols", number> &
    Record<"values" | "colPtrs" | "rowIndices", unknown[]> & { type: number; isTransposed: boolean }
>;

function decodeMatrix(json: MatrixFields): Matrix {
  const values = decodeDoubles(json.values);
  const { numRows, numCols, isTransposed } = json;
  if (json.type === 1) return new DenseMatrix(numRows, numCols, values, isTransposed);
  return new SparseMatrix(
    numRows,
    numCols,
    json.colPtrs.map(Number),
    json.rowIndices.map(Number),
    values,
    isTransposed,
  );
}

function decodeVector(json: Readonly<{ type: number; size: number; indices: number[]; values: unknown[] }>): Vector {
  const values = decodeDoubles(json.values);
  return json.type === 1 ? Vectors.dense(values) : Vectors.sparse(json.size, json.indices.map(Number), values);
}

/** The value that {@link encodeParam} wrote, from parsed JSON. */
export function decodeParam(type: ParamType, json: unknown): unknown {
  switch (type) {
    case "double":
      return double(json);
    case "double[]":
      return decodeDoubles(json);
    case "double[][]":
      return (json as unknown[]).map(decodeDoubles);
    case "vector":
      return decodeVector(json as Parameters<typeof decodeVector>[0]);
    case "matrix":
      return decodeMatrix(json as MatrixFields);
    default:
      return json;
  }
}
