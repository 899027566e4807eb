import { f32Column, i32Column, listColumn, toBlock } from "../../columnar/index.js";
import { DataFrame, relationOf, SparkSession } from "../../sql/api/index.js";
import { ArrayType, floatType, integerType, StructField, StructType } from "../../sql/types/index.js";
import type { FactorTable } from "./factor-table.js";

/** Rows worth a partition of their own. */
const MIN_ROWS = 1024;

/** Factors as a data frame of ids and arrays of float, under these names; of the active session when none is given. */
export function factorFrame(
  session: SparkSession | undefined,
  { rank, ids, values }: FactorTable,
  [id, features]: readonly [id: string, features: string],
): DataFrame {
  const owner = session ?? SparkSession.active();
  const schema = new StructType([
    new StructField(id, integerType, false),
    new StructField(features, new ArrayType(floatType, false), true),
  ]);
  const count = Math.max(1, Math.min(4 * owner.parallelism, Math.ceil(ids.length / MIN_ROWS)));
  const partitions = Array.from({ length: count }, (_, part) => {
    const start = Math.floor((part * ids.length) / count);
    const end = Math.floor(((part + 1) * ids.length) / count);
    const offsets = Int32Array.from({ length: end - start + 1 }, (__, i) => i * rank);
    const items = listColumn(offsets, f32Column(values.subarray(start * rank, end * rank)));
    const numRows = end - start;
    return [{ block: toBlock({ numRows, columns: [i32Column(ids.subarray(start, end)), items] }), numRows }];
  });
  return new DataFrame(owner, relationOf(schema, { partitions }));
}
