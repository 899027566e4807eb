import type { Batch } from "../../columnar/index.js";
import { rowComparator, type SortKey } from "./row-order.js";
import { gatherBatch } from "./sample.js";

/** The rows in order of the keys; equal rows keep their order. */
export const sortBatch = (batch: Batch, keys: readonly SortKey[]): Batch => gatherBatch(batch, sortedRows(batch, keys));

/** Row numbers in order of the keys. */
export function sortedRows(batch: Batch, keys: readonly SortKey[]): Int32Array {
  const { numRows, columns } = batch;
  const rows = new Int32Array(numRows);
  for (let i = 0; i < numRows; i++) rows[i] = i;
  const only = keys.length === 1 ? columns[keys[0].ordinal] : undefined;
  if (only && only.validity === null && (only.layout === "f64" || only.layout === "i32") && numRows > 64) {
    return sortByNumbers(only.values as Float64Array, rows, keys[0].ascending);
  }
  // Merging by hand keeps equal rows in order without boxing row numbers.
  return mergeSort(rows, rowComparator(columns, columns, keys));
}

/** Merge sort of row numbers, bottom up from insertion-sorted runs of 16. */
function mergeSort(rows: Int32Array, compare: (i: number, j: number) => number): Int32Array {
  const n = rows.length;
  const RUN = 16;
  for (let start = 0; start < n; start += RUN) {
    const end = Math.min(start + RUN, n);
    for (let i = start + 1; i < end; i++) {
      const row = rows[i];
      let at = i;
      for (; at > start && compare(rows[at - 1], row) > 0; at--) rows[at] = rows[at - 1];
      rows[at] = row;
    }
  }
  let from: Int32Array = rows;
  let to: Int32Array = new Int32Array(n);
  for (let width = RUN; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      if (middle === end || compare(from[middle - 1], from[middle]) <= 0) {
        to.set(from.subarray(start, end), start);
        continue;
      }
      let l = start;
      let r = middle;
      for (let at = start; at < end; at++) {
        to[at] = l < middle && (r >= end || compare(from[l], from[r]) <= 0) ? from[l++] : from[r++];
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** One numeric key without nulls: the same merge over the numbers themselves. */
function sortByNumbers(values: Float64Array | Int32Array, rows: Int32Array, ascending: boolean): Int32Array {
  const rank = (x: number): number => (x !== x ? Number.POSITIVE_INFINITY : x);
  // NaN and +Infinity share a rank: break that tie so that NaN comes last.
  const order = (i: number, j: number): number => {
    const d = rank(values[i]) - rank(values[j]);
    if (d === d && d !== 0) return d;
    return Number(values[i] !== values[i]) - Number(values[j] !== values[j]);
  };
  return mergeSort(rows, ascending ? order : (i, j) => order(j, i));
}
