import { DenseVector, SparseVector, Vector } from "../../linalg/index.js";
import { DataType, typeFromJson, type TypeJson } from "../types/index.js";
import type { Expression } from "./expression.js";

type Plain = { readonly [key: string]: unknown };
const TYPE = "$type";
const VECTOR = "$vector";

/**
 * Plain form of an expression (or of any tree, list or object that holds expressions and types) that survives structured
 * clone: types become their JSON, vectors their parts; everything else stays as it is.
 */
export function encodeExpression(tree: unknown): unknown {
  if (tree instanceof DataType) return { [TYPE]: tree.jsonValue() };
  if (tree instanceof Vector) return { [VECTOR]: tree.toJSON() };
  if (Array.isArray(tree)) return tree.map(encodeExpression);
  if (!isPlain(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, encodeExpression(value)]));
}

/** Inverse of {@link encodeExpression}. */
export const decodeExpression = <T = Expression>(plain: unknown): T => decode(plain) as T;

function decode(plain: unknown): unknown {
  if (Array.isArray(plain)) return plain.map(decode);
  if (!isPlain(plain)) return plain;
  if (TYPE in plain) return typeFromJson(plain[TYPE] as TypeJson);
  if (VECTOR in plain) {
    const { type, size, indices, values } = plain[VECTOR] as {
      type: number;
      size: number;
      indices: number[];
      values: (number | string)[];
    };
    const doubles = values.map(Number);
    return type === 1 ? new DenseVector(doubles) : new SparseVector(size, indices, doubles);
  }
  return Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, decode(value)]));
}

function isPlain(value: unknown): value is Plain {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
