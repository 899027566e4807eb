import { isObject, type Json, type JsonObject } from "./case.js";
import { asNumber } from "./compare.js";
import type { DataFrameLike, Kindling, MatrixLike, RowLike, StageLike, VectorLike } from "./api.js";

/** Reads a golden value: vectors, matrices, maps, long integers, bytes and the numbers JSON lacks. */
export function fromGolden(k: Kindling, value: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => fromGolden(k, item as Json));
  if (!isObject(value)) return asNumber(value) ?? value;
  if ("$long" in value) return BigInt(value.$long as string);
  if ("$bytes" in value) return Buffer.from(value.$bytes as string, "base64");
  if ("$map" in value) {
    const pairs = value.$map as readonly (readonly Json[])[];
    return new Map(pairs.map(([key, item]) => [fromGolden(k, key), fromGolden(k, item)]));
  }
  const isPart = (key: string): boolean => key in value;
  if (isPart("type") && isPart("values")) return isPart("numRows") ? matrixOf(k, value) : vectorOf(k, value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromGolden(k, item)]));
}

const numbers = (value: Json): number[] => (value as readonly Json[]).map((item) => asNumber(item)!);

function vectorOf(k: Kindling, json: JsonObject): unknown {
  if (json.type === 1) return k.api.Vectors.dense(numbers(json.values));
  return k.api.Vectors.sparse(json.size, numbers(json.indices), numbers(json.values));
}

function matrixOf(k: Kindling, json: JsonObject): unknown {
  const { DenseMatrix, SparseMatrix } = k.api;
  const values = numbers(json.values);
  if (json.type === 1) return new DenseMatrix(json.numRows, json.numCols, values, json.isTransposed);
  const [colPtrs, rowIndices] = [numbers(json.colPtrs), numbers(json.rowIndices)];
  return new SparseMatrix(json.numRows, json.numCols, colPtrs, rowIndices, values, json.isTransposed);
}

const jsonNumber = (value: number): Json => (Number.isFinite(value) ? value : String(value));

/** Writes a value of the public API in golden form. */
export function toGolden(k: Kindling, value: unknown): Json {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "number":
      return jsonNumber(value);
    case "string":
    case "boolean":
      return value;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : { $long: String(value) };
  }
  if (Buffer.isBuffer(value)) return { $bytes: value.toString("base64") };
  if (ArrayBuffer.isView(value))
    return Array.from(value as unknown as ArrayLike<number | bigint>, (v) => toGolden(k, v));
  if (Array.isArray(value)) return value.map((item) => toGolden(k, item));
  if (value instanceof Map) return { $map: [...value].map(([key, item]) => [toGolden(k, key), toGolden(k, item)]) };
  if (value instanceof Date) return value.toISOString();
  if (k.isVector(value)) return vectorJson(value);
  if (k.isMatrix(value)) return matrixJson(value);
  if (k.isRow(value)) return rowJson(k, value);
  if (isObject(value) && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toGolden(k, item)]));
  }
  return { $unknown: (value as object).constructor?.name ?? "object" };
}

const list = (values: Iterable<number>): Json => Array.from(values, jsonNumber);

function vectorJson(v: VectorLike): Json {
  return v.indices === undefined
    ? { type: 1, values: list(v.values) }
    : { type: 0, size: v.size, indices: list(v.indices), values: list(v.values) };
}

function matrixJson(m: MatrixLike): Json {
  const shape = { numRows: m.numRows, numCols: m.numCols };
  const tail = { values: list(m.values), isTransposed: m.isTransposed };
  return m.colPtrs === undefined || m.rowIndices === undefined
    ? { type: 1, ...shape, ...tail }
    : { type: 0, ...shape, colPtrs: list(m.colPtrs), rowIndices: list(m.rowIndices), ...tail };
}

const rowJson = (k: Kindling, row: RowLike): Json =>
  Object.fromEntries(k.fieldsOf(row).map(([name, item]) => [name, toGolden(k, item)]));

export const isDataFrame = (value: unknown): value is DataFrameLike =>
  typeof value === "object" && value !== null && "collect" in value && "select" in value;
export const isStage = (value: unknown): value is StageLike =>
  typeof value === "object" && value !== null && "uid" in value && "params" in value;
