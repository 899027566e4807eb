import { IllegalArgumentException, javaDouble } from "../../common/index.js";
import { type Matrix, type Vector, Vectors } from "../../linalg/index.js";
import type { Param, ParamDeclaration } from "./param.js";

/** How a param's value is checked, converted, printed and saved; `any` values (stages, grids) are kept as they are. */
export type ParamType =
  | "int"
  | "long"
  | "double"
  | "boolean"
  | "string"
  | "string[]"
  | "int[]"
  | "double[]"
  | "double[][]"
  | "vector"
  | "matrix"
  | "any";

type Settings<T> = Omit<ParamDeclaration<T>, "type" | "doc">;
const declaration =
  <T>(type: ParamType) =>
  (doc: string, settings: Settings<T> = {}): ParamDeclaration<T> => ({ type, doc, ...settings });

export const intParam = declaration<number>("int");
/** A 64-bit integer: `number` while it is a safe integer, else `bigint`. */
export const longParam = declaration<number | bigint>("long");
export const doubleParam = declaration<number>("double");
export const booleanParam = declaration<boolean>("boolean");
export const stringParam = declaration<string>("string");
export const stringArrayParam = declaration<readonly string[]>("string[]");
export const intArrayParam = declaration<readonly number[]>("int[]");
export const doubleArrayParam = declaration<readonly number[]>("double[]");
export const doubleArrayArrayParam = declaration<readonly (readonly number[])[]>("double[][]");
export const vectorParam = declaration<Vector>("vector");
export const matrixParam = declaration<Matrix>("matrix");
/** A param whose value is an object: an estimator, an evaluator, the stages of a pipeline. */
export const objectParam = <T>(doc: string, settings: Settings<T> = {}): ParamDeclaration<T> =>
  declaration<T>("any")(doc, settings);

const isInteger = (value: unknown): value is number | bigint =>
  typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
const isNumber = (value: unknown): value is number | bigint => typeof value === "number" || typeof value === "bigint";
const elements = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value)
    ? value
    : ArrayBuffer.isView(value) && !(value instanceof DataView)
      ? [...(value as unknown as Iterable<unknown>)]
      : undefined;
const INT_LIMIT = 2 ** 31;

const numbers = (value: unknown, what: string, accepts: (item: unknown) => boolean): readonly number[] => {
  const items = elements(value);
  if (!items?.every(accepts)) throw new TypeError(`Could not convert ${show(value)} to ${what}`);
  return items.map(Number);
};

const converters: Readonly<Record<ParamType, (value: unknown) => unknown>> = {
  int: (value) => {
    if (!isInteger(value) || Math.abs(Number(value)) > INT_LIMIT) {
      throw new TypeError(`Could not convert ${show(value)} to int`);
    }
    return Number(value);
  },
  long: (value) => {
    if (!isInteger(value)) throw new TypeError(`Could not convert ${show(value)} to int`);
    const long = BigInt.asIntN(64, BigInt(value));
    if (long !== BigInt(value)) throw new TypeError(`Could not convert ${show(value)} to a 64-bit integer`);
    return Number.isSafeInteger(Number(long)) ? Number(long) : long;
  },
  double: (value) => {
    if (!isNumber(value)) throw new TypeError(`Could not convert ${show(value)} to float`);
    return Number(value);
  },
  boolean: (value) => {
    if (typeof value !== "boolean") {
      throw new TypeError(
        `Boolean Param requires value of type bool. Found ${pythonType(value)}. Got ${show(value)}; use true or false.`,
      );
    }
    return value;
  },
  string: (value) => {
    if (typeof value !== "string") throw new TypeError(`Could not convert ${show(value)} to string type`);
    return value;
  },
  "string[]": (value) => {
    const items = elements(value);
    if (!items?.every((item) => typeof item === "string")) {
      throw new TypeError(`Could not convert ${show(value)} to list of strings`);
    }
    return [...items];
  },
  "int[]": (value) => numbers(value, "list of ints", isInteger),
  "double[]": (value) => numbers(value, "list of floats", isNumber),
  "double[][]": (value) => {
    const rows = elements(value);
    if (!rows) throw new TypeError(`Could not convert ${show(value)} to list of list of floats`);
    return rows.map((row) => numbers(row, "list of list of floats", isNumber));
  },
  vector: (value) => {
    const items = elements(value);
    if (items) return Vectors.dense(numbers(items, "vector", isNumber) as number[]);
    if (!isVector(value)) throw new TypeError(`Could not convert ${show(value)} to vector`);
    return value;
  },
  matrix: (value) => {
    if (!isMatrix(value)) throw new TypeError(`Could not convert ${show(value)} to matrix`);
    return value;
  },
  any: (value) => value,
};

/** The conversions that params apply to what users set, under PySpark's names; they throw `TypeError`. */
export const TypeConverters = {
  identity: <T>(value: T): T => value,
  toBoolean: (value: unknown) => converters.boolean(value) as boolean,
  toFloat: (value: unknown) => converters.double(value) as number,
  toInt: (value: unknown) => converters.long(value) as number | bigint,
  toString: (value: unknown) => converters.string(value) as string,
  toList: (value: unknown): unknown[] => {
    const items = elements(value);
    if (!items) throw new TypeError(`Could not convert ${show(value)} to list`);
    return [...items];
  },
  toListFloat: (value: unknown) => converters["double[]"](value) as number[],
  toListInt: (value: unknown) => converters["int[]"](value) as number[],
  toListListFloat: (value: unknown) => converters["double[][]"](value) as number[][],
  toListString: (value: unknown) => converters["string[]"](value) as string[],
  toMatrix: (value: unknown) => converters.matrix(value) as Matrix,
  toVector: (value: unknown) => converters.vector(value) as Vector,
} as const;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isVector = (value: unknown): boolean => isObject(value) && "size" in value && "values" in value;
const isMatrix = (value: unknown): boolean => isObject(value) && "numRows" in value && "numCols" in value;

/** The type PySpark would name for a value. */
function pythonType(value: unknown): string {
  const names: Readonly<Record<string, string>> = {
    string: "str",
    number: "float",
    bigint: "int",
    undefined: "NoneType",
  };
  const name = Number.isInteger(value)
    ? "int"
    : Array.isArray(value)
      ? "list"
      : value === null
        ? "NoneType"
        : undefined;
  return `<class '${name ?? names[typeof value] ?? typeof value}'>`;
}

const show = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(show).join(", ")}]` : typeof value === "symbol" ? value.toString() : `${value}`;

/** A param's value as Scala prints it in messages: doubles as `1.0`, arrays as `[0.5,0.5]`. */
export function showParamValue(type: ParamType, value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => showParamValue(elementType(type), item)).join(",")}]`;
  return type === "double" && typeof value === "number" ? javaDouble(value) : show(value);
}
const elementType = (type: ParamType): ParamType => (type.endsWith("[]") ? (type.slice(0, -2) as ParamType) : type);

/**
 * The value converted to the param's type and accepted by its validator.
 * Throws `TypeError` for a value of another type and `IllegalArgumentException` for one that is not allowed, with Spark's texts.
 */
export function checkValue<T>(param: Param<T>, value: unknown): T {
  const { type, valid } = param.declaration;
  let converted: T;
  try {
    converted = converters[type](value) as T;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`Invalid param value given for param "${param.name}". ${reason}`, { cause });
  }
  if (valid && !valid.accepts(converted)) {
    const shown = showParamValue(type, converted);
    throw new IllegalArgumentException(`${param.parent} parameter ${param.name} given invalid value ${shown}.`, {
      parameters: { param: param.name, value: shown, allowed: valid.text },
    });
  }
  return converted;
}
