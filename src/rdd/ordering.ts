import type { ComputeInput } from "./operator.js";

/** Order of the elements of a sort, as it travels. */
export interface OrderingSpec {
  readonly ascending: boolean;
  /** Captured function from a key to what is compared. */
  readonly key?: unknown;
  /** Captured comparison; the natural order without it. */
  readonly compare?: unknown;
}

export type Compare = (left: unknown, right: unknown) => number;

const rankOf = (value: unknown): number => {
  switch (typeof value) {
    case "undefined":
      return 0;
    case "boolean":
      return 2;
    case "number":
    case "bigint":
      return 3;
    case "string":
      return 4;
    default:
      return value === null ? 1 : 5;
  }
};

/** As Java's Double.compare: -0 before 0, NaN after everything. */
function compareNumbers(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left === right) return left !== 0 ? 0 : Number(Object.is(right, -0)) - Number(Object.is(left, -0));
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

/**
 * The natural order: numbers as Double.compare (with bigints by value), strings by UTF-16 unit as Java's, false before true,
 * dates by time, arrays element by element; undefined and null first.
 */
export function compareNatural(left: unknown, right: unknown): number {
  if (typeof left === "number" && typeof right === "number") return compareNumbers(left, right);
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  const rank = rankOf(left);
  const other = rankOf(right);
  if (rank !== other) return rank - other;
  if (rank < 2) return 0;
  if (rank === 2 || rank === 3)
    return (left as number) < (right as number) ? -1 : (left as number) > (right as number) ? 1 : 0;
  return compareObjects(left as object, right as object);
}

function compareObjects(left: object, right: object): number {
  if (isSequence(left) && isSequence(right)) {
    const length = Math.min(left.length, right.length);
    for (let i = 0; i < length; i++) {
      const order = compareNatural(left[i], right[i]);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }
  const a = left.valueOf();
  const b = right.valueOf();
  if (a !== left && b !== right) return compareNatural(a, b);
  throw new TypeError(
    `no order is defined between ${describe(left)} and ${describe(right)}; give a key function that returns numbers, strings or arrays of them`,
  );
}

const isSequence = (value: object): value is ArrayLike<unknown> & object =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
const describe = (value: object): string => value.constructor?.name ?? "an object";

/** The comparison that a spec stands for. */
export function openOrdering(spec: OrderingSpec, revive: ComputeInput["revive"]): Compare {
  const compare: Compare = spec.compare === undefined ? compareNatural : revive<Compare>(spec.compare);
  const key = spec.key === undefined ? undefined : revive<(value: unknown) => unknown>(spec.key);
  const keyed: Compare = key ? (left, right) => compare(key(left), key(right)) : compare;
  return spec.ascending ? keyed : (left, right) => keyed(right, left);
}
