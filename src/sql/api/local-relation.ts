import { columnBuilder, toBlock, type Batch } from "../../columnar/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import type { AttributeExpression } from "../expressions/index.js";
import { newExpressionId, newPlanId, type LocalData, type LocalRelation, type StoredBlock } from "../plan/index.js";
import { inferSchema, internalConverter, layoutOf, parseDDL, Row, StructType } from "../types/index.js";

/** A row as users write it. */
export type RowLike = Row | readonly unknown[] | Readonly<Record<string, unknown>>;

/** First row of partition `p`. */
export type PartitionStart = (p: number, rows: number, numPartitions: number) => number;
/** Row i lies in partition floor(i * numPartitions / rows). */
export const evenStart: PartitionStart = (p, rows, numPartitions) => Math.ceil((p * rows) / numPartitions);
/** Where Spark's `parallelize` cuts. */
export const parallelizeStart: PartitionStart = (p, rows, numPartitions) => Math.floor((p * rows) / numPartitions);

/** Lays rows from the driver out in shared blocks, one a partition. */
export function localRelation(
  rows: readonly RowLike[],
  schema: StructType | string | readonly string[] | undefined,
  numPartitions: number,
  start: PartitionStart = evenStart,
): LocalRelation {
  if (!Number.isInteger(numPartitions) || numPartitions < 1) {
    throw new IllegalArgumentException(`requirement failed: Number of partitions (${numPartitions}) must be positive.`);
  }
  const type = schemaOf(rows, schema);
  const names = Array.isArray(schema) ? (schema as readonly string[]) : undefined;
  const convert = internalConverter(type) as (row: unknown) => readonly unknown[];
  const partitions = Array.from({ length: numPartitions }, (_, p): StoredBlock[] => {
    const from = start(p, rows.length, numPartitions);
    const end = start(p + 1, rows.length, numPartitions);
    if (end <= from) return [];
    const batch = toBatch(rows, from, end, type, names ? (row) => convert(renamed(row, type)) : convert);
    return [{ block: toBlock(batch), numRows: batch.numRows }];
  });
  return relationOf(type, { partitions });
}

/** A relation of blocks that are already laid out. */
export const relationOf = (type: StructType, data: LocalData): LocalRelation => ({
  kind: "local",
  output: attributesOf(type),
  data,
  planId: newPlanId(),
});

/** New attributes for the columns of a schema. */
export const attributesOf = (type: StructType): AttributeExpression[] =>
  type.fields.map((field) => ({
    kind: "attribute",
    id: newExpressionId(),
    name: field.name,
    type: field.dataType,
    nullable: field.nullable,
    metadata: field.metadata,
    qualifier: [],
  }));

function schemaOf(rows: readonly RowLike[], schema: StructType | string | readonly string[] | undefined): StructType {
  if (schema instanceof StructType) return schema;
  if (typeof schema === "string") return parseDDL(schema);
  return inferSchema(rows as readonly object[], schema);
}

/** Objects whose columns were renamed count by position. */
const renamed = (row: RowLike, type: StructType): unknown => {
  if (Array.isArray(row)) return row;
  if (row instanceof Row) return row.toArray();
  return type.fieldNames.every((name) => name in row) ? row : Object.values(row);
};

function toBatch(
  rows: readonly RowLike[],
  start: number,
  end: number,
  type: StructType,
  convert: (row: RowLike) => readonly unknown[],
): Batch {
  const builders = type.fields.map((field) => columnBuilder(layoutOf(field.dataType), end - start));
  for (let i = start; i < end; i++) {
    const values = convert(rows[i]);
    for (let c = 0; c < builders.length; c++) builders[c].append(values[c]);
  }
  return { numRows: end - start, columns: builders.map((builder) => builder.finish()) };
}
