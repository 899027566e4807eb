import {
  type Batch,
  f32Column,
  i32Column,
  isNull,
  type ListColumn,
  listColumn,
  type NumberColumn,
} from "../../columnar/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import { ArrayType, floatType, integerType, StructField, StructType } from "../../sql/types/index.js";
import { allocateFactors, type FactorTable } from "./factor-table.js";

/** How Spark stores factors. */
export const factorsSchema = new StructType([
  new StructField("id", integerType, false),
  new StructField("features", new ArrayType(floatType, false), true),
]);

/** Rows of a batch of factors. */
const BATCH_ROWS = 4096;

/** The rows of a table as batches of id and features; nothing is copied. */
export function* factorBatches({ rank, ids, values }: FactorTable): Generator<Batch> {
  for (let start = 0; start < ids.length; start += BATCH_ROWS) {
    const numRows = Math.min(BATCH_ROWS, ids.length - start);
    const offsets = Int32Array.from({ length: numRows + 1 }, (_, i) => i * rank);
    const features = f32Column(values.subarray(start * rank, (start + numRows) * rank));
    yield { numRows, columns: [i32Column(ids.subarray(start, start + numRows)), listColumn(offsets, features)] };
  }
}

/** The table of batches of id and features, whose ids may come in any order. */
export async function factorsFrom(batches: AsyncIterable<Batch>, rank: number): Promise<FactorTable> {
  const parts: { readonly ids: Int32Array; readonly values: Float32Array }[] = [];
  for await (const { numRows, columns } of batches)
    parts.push(partOf(columns[0] as NumberColumn, columns[1] as ListColumn, numRows, rank));
  const total = parts.reduce((sum, part) => sum + part.ids.length, 0);
  const ids = new Int32Array(total);
  const values = new Float32Array(total * rank);
  let at = 0;
  for (const part of parts) {
    ids.set(part.ids, at);
    values.set(part.values, at * rank);
    at += part.ids.length;
  }
  const order = Int32Array.from({ length: total }, (_, i) => i).sort((a, b) => ids[a] - ids[b]);
  const table = allocateFactors(total, rank);
  order.forEach((from, to) => {
    table.ids[to] = ids[from];
    table.values.set(values.subarray(from * rank, (from + 1) * rank), to * rank);
  });
  return table;
}

function partOf(ids: NumberColumn, features: ListColumn, numRows: number, rank: number) {
  const { offsets, child } = features;
  for (let i = 0; i < numRows; i++) {
    const length = isNull(features, i) ? 0 : offsets[i + 1] - offsets[i];
    if (length === rank) continue;
    throw new IllegalArgumentException(
      `The factors of id ${ids.values[i]} have ${length} numbers, but the model's rank is ${rank}; the saved model is damaged.`,
    );
  }
  const values = (child as NumberColumn).values as Float32Array;
  return {
    ids: (ids.values as Int32Array).slice(0, numRows),
    values: values.slice(offsets[0], offsets[0] + numRows * rank),
  };
}
