import type { Batch, Column, DenseVectorColumn, NumberColumn } from "../../columnar/index.js";
import { memoryBehind } from "../../memory/index.js";
import type { LaidOutBlock } from "./instance-blocks.js";

/** Where consecutive batches of a cached, dense data frame lie in their block: training data that is laid out already. */
export interface AdoptedRows {
  readonly memory: WebAssembly.Memory;
  readonly size: number;
  /** Byte addresses: the features, then each scalar column. */
  readonly values: number;
  readonly scalars: readonly number[];
  rows: number;
}

const plain = (column: Column): column is NumberColumn =>
  column.layout === "f64" && column.validity === null && column.values instanceof Float64Array;
const dense = (column: Column): column is DenseVectorColumn =>
  column.layout === "vector" && column.form === "dense" && column.validity === null;

/** A batch whose columns all lie in one kernel block, as f64 without nulls; undefined for any other. */
export function adoptable({ numRows, columns }: Batch): AdoptedRows | undefined {
  const [features, ...scalars] = columns;
  if (!dense(features) || !scalars.every(plain)) return undefined;
  const { buffer, byteOffset } = features.values;
  const memory = memoryBehind(buffer);
  if (!memory || scalars.some((column) => column.values.buffer !== buffer)) return undefined;
  return {
    memory,
    size: features.size,
    values: byteOffset,
    scalars: scalars.map((column) => column.values.byteOffset),
    rows: numRows,
  };
}

/** Appends the rows to the stretch before them when they lie right behind it in the same block. */
export function extend(before: AdoptedRows, next: AdoptedRows): boolean {
  const follows =
    before.memory === next.memory &&
    before.size === next.size &&
    before.values + 8 * before.rows * before.size === next.values &&
    before.scalars.every((at, i) => at + 8 * before.rows === next.scalars[i]);
  if (follows) before.rows += next.rows;
  return follows;
}

/** Whether every value is a finite number: the difference of anything else to itself is NaN. */
export function allFinite(values: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    sum += value - value;
  }
  return sum === 0;
}

/** The stretch as a block of training data: its addresses, in the order of label, weight and extra columns. */
export function adoptedBlock(
  rows: AdoptedRows,
  wanted: { readonly label: boolean; readonly weight: boolean },
  partition: number,
): LaidOutBlock {
  const { memory, size, values, scalars, rows: count } = rows;
  let next = 0;
  const label = wanted.label ? scalars[next++] : 0;
  const weight = wanted.weight ? scalars[next++] : 0;
  let largestLabel = Number.NEGATIVE_INFINITY;
  if (label) for (const y of new Float64Array(memory.buffer, label, count)) largestLabel = Math.max(largestLabel, y);
  return {
    memory,
    info: {
      form: "dense",
      partition,
      rows: count,
      numFeatures: size,
      nnz: count * size,
      values,
      offsets: 0,
      indices: 0,
      label,
      weight,
      extra: scalars.slice(next),
      largestLabel,
    },
  };
}
