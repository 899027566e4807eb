import {
  f32Column,
  f64Column,
  i32Column,
  i64Column,
  slice,
  toBlock,
  utf8Column,
  type Column,
} from "../../columnar/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import type { LocalRelation, StoredBlock } from "../plan/index.js";
import {
  doubleType,
  floatType,
  integerType,
  longType,
  stringType,
  StructField,
  StructType,
  type DataType,
} from "../types/index.js";
import { relationOf } from "./local-relation.js";

/** Whole columns as users hold them: typed arrays, or strings. */
export type ColumnData = Readonly<
  Record<string, Float64Array | Float32Array | Int32Array | BigInt64Array | readonly (string | null)[]>
>;

/** Whether the value is an object of columns rather than rows. */
export const isColumnData = (value: object): value is ColumnData => !(Symbol.iterator in value);

/** Copies whole columns into shared blocks, one a partition; row i of N lies in partition floor(i * numPartitions / N). */
export function columnRelation(columns: ColumnData, numPartitions: number): LocalRelation {
  const named = Object.entries(columns).map(([name, values]) => ({ name, ...columnOf(name, values) }));
  const length = named[0]?.column.length ?? 0;
  for (const { name, column } of named) {
    if (column.length !== length) {
      const message = `column ${name} has ${column.length} values, column ${named[0].name} has ${length}; all must be equally long`;
      throw new IllegalArgumentException(message);
    }
  }
  const partitions = Array.from({ length: numPartitions }, (_, p): StoredBlock[] => {
    const start = Math.ceil((p * length) / numPartitions);
    const end = Math.ceil(((p + 1) * length) / numPartitions);
    if (end <= start) return [];
    const batch = { numRows: end - start, columns: named.map(({ column }) => slice(column, start, end)) };
    return [{ block: toBlock(batch), numRows: batch.numRows }];
  });
  const nullable = (type: DataType): boolean => type === stringType;
  const fields = named.map(({ name, type }) => new StructField(name, type, nullable(type)));
  return relationOf(new StructType(fields), { partitions });
}

function columnOf(name: string, values: ColumnData[string]): { column: Column; type: DataType } {
  if (values instanceof Float64Array) return { column: f64Column(values), type: doubleType };
  if (values instanceof Float32Array) return { column: f32Column(values), type: floatType };
  if (values instanceof Int32Array) return { column: i32Column(values), type: integerType };
  if (values instanceof BigInt64Array) return { column: i64Column(values), type: longType };
  const bad = Array.isArray(values) ? values.find((v) => v !== null && typeof v !== "string") : values;
  if (bad !== undefined) {
    throw new IllegalArgumentException(
      `column ${name} must be a Float64Array, Float32Array, Int32Array, BigInt64Array or an array of strings, found ${String(bad)}`,
    );
  }
  return { column: utf8Column(values as readonly (string | null)[]), type: stringType };
}
