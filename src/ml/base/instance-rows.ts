import { type Batch, type Column, isValid, type NumberColumn } from "../../columnar/index.js";
import { featureRows, type FeatureRows } from "./feature-rows.js";
import type { InstancesPayload } from "./instance-block.js";
import { checkLabel, checkWeight } from "./row-checks.js";

/** Some rows on their way into a block. */
export interface InstanceRows {
  readonly features: FeatureRows;
  /** Label, weight and extra columns, as far as present. */
  readonly scalars: readonly Float64Array[];
}

/** Doubles of a numeric column, NaN for null. */
function doubles(column: Column, numRows: number): Float64Array {
  const values = new Float64Array(numRows);
  const source = (column as NumberColumn).values;
  for (let i = 0; i < numRows; i++) values[i] = isValid(column, i) ? source[i] : Number.NaN;
  return values;
}

/** Checks labels and weights, the first of the scalar columns as far as present. */
export function checkScalars(scalars: readonly Float64Array[], { label: rule, weight }: InstancesPayload): void {
  let next = 0;
  if (rule) for (const label of scalars[next++]) checkLabel(label, rule);
  if (weight) scalars[next++].forEach(checkWeight);
}

/** Copies a batch's rows out, checked as Spark checks them. */
export function readRows(batch: Batch, payload: InstancesPayload, size: number): InstanceRows {
  const scalars = batch.columns.slice(1).map((column) => doubles(column, batch.numRows));
  checkScalars(scalars, payload);
  const { allowNonFinite } = payload;
  return { features: featureRows(batch.columns[0], batch.numRows, { size, allowNonFinite }), scalars };
}

export function sliceRows({ features, scalars }: InstanceRows, start: number, end: number): InstanceRows {
  const { size } = features;
  const parts = scalars.map((values) => values.subarray(start, end));
  if (features.form === "dense") {
    const values = features.values.subarray(start * size, end * size);
    return { features: { ...features, rows: end - start, values }, scalars: parts };
  }
  const { offsets, indices, values } = features;
  const [from, to] = [offsets[start], offsets[end]];
  const csr = {
    offsets: offsets.subarray(start, end + 1).map((offset) => offset - from),
    indices: indices.subarray(from, to),
    values: values.subarray(from, to),
  };
  return { features: { form: "csr", rows: end - start, size, ...csr }, scalars: parts };
}

/** Bytes that rows `start` to `end` take in a block, the scalar columns left out. */
export function rowBytes(features: FeatureRows, start: number, end: number, form: InstancesPayload["form"]): number {
  if (features.form === "dense" || form === "dense") return 8 * features.size * (end - start);
  return 12 * (features.offsets[end] - features.offsets[start]) + 4 * (end - start);
}

/** The end of the rows from `start` on that fit into `room` bytes. */
export function fittingRows(
  features: FeatureRows,
  start: number,
  room: number,
  form: InstancesPayload["form"],
): number {
  let low = start;
  let high = features.rows;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rowBytes(features, start, middle, form) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
}
