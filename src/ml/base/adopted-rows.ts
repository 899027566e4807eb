import type { Batch, Column, DenseVectorColumn, NumberColumn } from "../../columnar/index.js";
import { memoryBehind } from "../../memory/index.js";
import type { InstanceRows } from "./instance-rows.js";
import { blockInfo, denseRowsFor, type InstancesPayload, type LaidOutBlock } from "./instance-block.js";

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

/** The rows from `start` on. */
export const rowsFrom = ({ memory, size, values, scalars, rows }: AdoptedRows, start: number): AdoptedRows => ({
  memory,
  size,
  values: values + 8 * start * size,
  scalars: scalars.map((at) => at + 8 * start),
  rows: rows - start,
});

/** Takes the last `count` rows away and gives a copy of them; undefined for none. */
export function takeTail(rows: AdoptedRows, count: number): InstanceRows | undefined {
  if (count === 0) return undefined;
  rows.rows -= count;
  const { memory, size, values, scalars } = rowsFrom(rows, rows.rows);
  const doubles = (at: number, length: number): Float64Array => new Float64Array(memory.buffer, at, length).slice();
  return {
    features: { form: "dense", rows: count, size, values: doubles(values, count * size) },
    scalars: scalars.map((at) => doubles(at, count)),
  };
}

/** Whether every value is a finite number: zero times anything else is NaN. Four sums, so that no addition waits for the last. */
export function allFinite(values: Float64Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const even = values.length - (values.length % 4);
  for (let i = 0; i < even; i += 4) {
    a += values[i] * 0;
    b += values[i + 1] * 0;
    c += values[i + 2] * 0;
    d += values[i + 3] * 0;
  }
  for (let i = even; i < values.length; i++) a += values[i] * 0;
  return a + b + c + d === 0;
}

/** The stretch as a block of training data: its addresses, in the order of label, weight and extra columns. */
export function adoptedBlock(
  { memory, size, values, scalars, rows }: AdoptedRows,
  payload: InstancesPayload,
  partition: number,
): LaidOutBlock {
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const nnz = rows * size;
  const unitRows = denseRowsFor(size, payload);
  const placed = { form: "dense", partition, rows, unitRows, numFeatures: size, nnz, values, scalars } as const;
  return {
    block: { buffer, memory },
    info: blockInfo(buffer, 0, { ...placed, offsets: 0, indices: 0 }, payload),
  };
}
