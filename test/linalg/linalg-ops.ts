import type { Vector } from "../../src/linalg/index.js";
import {
  DenseVector,
  Matrices,
  Matrix,
  pythonRepr,
  pythonStr,
  SparseVector,
  Vectors,
  type MatrixJson,
  type VectorJson,
} from "../../src/linalg/index.js";

/** Turns a golden argument into the value it stands for. */
export function fromGolden(arg: unknown): unknown {
  if (arg === "Infinity" || arg === "-Infinity" || arg === "NaN") return Number(arg);
  if (Array.isArray(arg)) return arg.map(fromGolden);
  if (typeof arg !== "object" || arg === null || !("type" in arg)) return arg;
  return "numRows" in arg ? Matrices.fromJson(arg as MatrixJson) : Vectors.fromJson(arg as VectorJson);
}

type Callable = Record<string, (...args: unknown[]) => unknown>;

/** Runs one op of the linalg goldens: `call` on the first argument, or on a factory. */
export function runLinalgOp(call: string, args: readonly unknown[]): unknown {
  const path = call.replace(/^scala\./, "").split(".");
  const values = args.map(fromGolden);
  if (path.length === 2) {
    const factory = (path[0] === "Vectors" ? Vectors : Matrices) as unknown as Callable;
    if (path[1].endsWith("cat")) return factory[path[1]](values);
    return factory[path[1]](...values);
  }
  const [target, ...rest] = values as [Vector | Matrix, ...unknown[]];
  const name = path[0];
  if (name === "str") return pythonStr(target);
  if (name === "repr") return pythonRepr(target);
  if (name === "get" && target instanceof Matrix) return target.get(...(rest[0] as [number, number]));
  const member = (target as unknown as Record<string, unknown>)[name];
  return typeof member === "function" ? (member as (...a: unknown[]) => unknown).apply(target, rest) : member;
}

/** JSON form of a result, as the goldens record it. */
export function toGolden(result: unknown): unknown {
  if (result instanceof DenseVector || result instanceof SparseVector || result instanceof Matrix)
    return result.toJSON();
  if (result instanceof Float64Array) return Array.from(result);
  return Array.isArray(result) ? result.map(toGolden) : result;
}
