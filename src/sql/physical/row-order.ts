import { bitAt, type Column } from "../../columnar/index.js";

/** How one column of a row orders it. */
export interface SortKey {
  readonly ordinal: number;
  readonly ascending: boolean;
  readonly nullsFirst: boolean;
}

/** Compares row i of one set of columns with row j of another (of the same layouts). */
export type RowComparator = (i: number, j: number) => number;

/** Spark's order of rows: by each key in turn, nulls where asked, NaN above all numbers, -0.0 equal to 0.0. */
export function rowComparator(
  left: readonly Column[],
  right: readonly Column[],
  keys: readonly SortKey[],
): RowComparator {
  const comparators = keys.map((key) => keyComparator(left[key.ordinal], right[key.ordinal], key));
  const [first, second] = comparators;
  if (comparators.length === 1) return first;
  // Most comparisons end with the first key.
  if (comparators.length === 2) return (i, j) => first(i, j) || second(i, j);
  return (i, j) => {
    for (const compare of comparators) {
      const order = compare(i, j);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function keyComparator(a: Column, b: Column, { ascending, nullsFirst }: SortKey): RowComparator {
  const values = valueComparator(a, b);
  const directed: RowComparator = ascending ? values : (i, j) => -values(i, j);
  if (a.validity === null && b.validity === null && a.layout !== "null") return directed;
  const first = nullsFirst ? -1 : 1;
  const valid = (c: Column, i: number): boolean => c.layout !== "null" && (c.validity === null || bitAt(c.validity, i));
  return (i, j) => {
    const l = valid(a, i);
    const r = valid(b, j);
    if (l && r) return directed(i, j);
    return l === r ? 0 : l ? -first : first;
  };
}

/** Ascending order of two valid values. */
function valueComparator(a: Column, b: Column): RowComparator {
  if (typeof a.layout === "object") return nestedComparator(a, b);
  switch (a.layout) {
    case "null":
      return () => 0;
    case "bool": {
      const x = a.values;
      const y = (b as typeof a).values;
      return (i, j) => Number(bitAt(x, i)) - Number(bitAt(y, j));
    }
    case "f32":
    case "f64": {
      const x = a.values;
      const y = (b as typeof a).values;
      return (i, j) => {
        const l = x[i];
        const r = y[j];
        if (l < r) return -1;
        if (l > r) return 1;
        if (l === r) return 0;
        return (l === l ? 0 : 1) - (r === r ? 0 : 1);
      };
    }
    case "i64": {
      const x = a.values;
      const y = (b as typeof a).values;
      return (i, j) => (x[i] < y[j] ? -1 : x[i] > y[j] ? 1 : 0);
    }
    case "i128": {
      const x = a.values;
      const y = (b as typeof a).values;
      return (i, j) => {
        const high = x[2 * i + 1] - y[2 * j + 1];
        if (high !== 0n) return high < 0n ? -1 : 1;
        const l = BigInt.asUintN(64, x[2 * i]);
        const r = BigInt.asUintN(64, y[2 * j]);
        return l < r ? -1 : l > r ? 1 : 0;
      };
    }
    case "utf8":
    case "binary": {
      const other = b as typeof a;
      return (i, j) =>
        compareBytes(a.bytes, a.offsets[i], a.offsets[i + 1], other.bytes, other.offsets[j], other.offsets[j + 1]);
    }
    case "vector":
      throw new Error("vectors have no order");
    default: {
      const x = (a as { values: Int32Array }).values;
      const y = (b as { values: Int32Array }).values;
      return (i, j) => x[i] - y[j];
    }
  }
}

function nestedComparator(a: Column, b: Column): RowComparator {
  const ascending = { ordinal: 0, ascending: true, nullsFirst: true };
  if ("child" in a && "child" in b) {
    const items = keyComparator(a.child, b.child, ascending);
    return (i, j) => {
      const endA = a.offsets[i + 1];
      const endB = b.offsets[j + 1];
      let l = a.offsets[i];
      let r = b.offsets[j];
      for (; l < endA && r < endB; l++, r++) {
        const order = items(l, r);
        if (order !== 0) return order;
      }
      return endA - l - (endB - r);
    };
  }
  if (!("children" in a) || !("children" in b)) throw new Error("columns of different layouts cannot be compared");
  return rowComparator(
    a.children,
    b.children,
    a.children.map((_, ordinal) => ({ ...ascending, ordinal })),
  );
}

/** Unsigned order of two stretches of bytes. */
export function compareBytes(
  a: Uint8Array,
  startA: number,
  endA: number,
  b: Uint8Array,
  startB: number,
  endB: number,
): number {
  const n = Math.min(endA - startA, endB - startB);
  for (let k = 0; k < n; k++) {
    const d = a[startA + k] - b[startB + k];
    if (d !== 0) return d;
  }
  return endA - startA - (endB - startB);
}
