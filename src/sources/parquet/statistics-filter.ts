import type { RowGroup, SchemaTree } from "hyparquet";
import type { PushedFilter } from "../../sql/source/index.js";

/** Whether statistics prove that no row of the group passes all filters. */
export function canSkip(group: RowGroup, tree: SchemaTree, filters: readonly PushedFilter[]): boolean {
  return filters.some((filter) => excludes(group, tree, filter));
}

function excludes(group: RowGroup, tree: SchemaTree, { column, op, values }: PushedFilter): boolean {
  const chunk = group.columns.find(
    ({ meta_data: m }) => m && m.path_in_schema.length === 1 && m.path_in_schema[0] === column,
  )?.meta_data;
  const stats = chunk?.statistics;
  if (!chunk || !stats) return false;
  const element = tree.children.find((child) => child.element.name === column)?.element;
  // Decimal statistics come as rounded doubles, and unsigned ones in another order.
  if (!element || element.converted_type === "DECIMAL" || element.converted_type?.startsWith("UINT_")) return false;
  const rows = Number(group.num_rows);
  const nulls = stats.null_count === undefined ? undefined : Number(stats.null_count);
  if (op === "isnull") return nulls === 0;
  if (op === "isnotnull") return nulls === rows;
  if (op === "<=>" && values[0] === null) return nulls === 0;
  if (nulls === rows) return true;
  // The old `min`/`max` compare bytes as signed, so they are of no use for text.
  const isText = chunk.type === "BYTE_ARRAY" || chunk.type === "FIXED_LEN_BYTE_ARRAY";
  const min = stats.min_value ?? (isText ? undefined : stats.min);
  const max = stats.max_value ?? (isText ? undefined : stats.max);
  if (min === undefined || max === undefined) return false;
  const below = (value: unknown): boolean => isLess(value, min);
  const above = (value: unknown): boolean => isLess(max, value);
  switch (op) {
    case "=":
    case "<=>":
      return below(values[0]) || above(values[0]);
    case "in":
      return values.every((value) => below(value) || above(value));
    case "<":
      return !isLess(min, values[0]) && comparable(min, values[0]);
    case "<=":
      return isLess(values[0], min);
    case ">":
      return !isLess(values[0], max) && comparable(max, values[0]) && !isFloat(chunk.type);
    case ">=":
      return isLess(max, values[0]) && !isFloat(chunk.type);
  }
}

/** NaN is larger than every number in Spark, and absent from statistics. */
const isFloat = (type: string): boolean => type === "DOUBLE" || type === "FLOAT";

function comparable(a: unknown, b: unknown): boolean {
  return isLess(a, b) || isLess(b, a) || key(a) === key(b);
}

const key = (value: unknown): unknown => (value instanceof Uint8Array ? value.join() : typeof value === "string" ? encoder.encode(value).join() : Number(value)); // prettier-ignore

const encoder = new TextEncoder();

/** Whether both are of one kind and a < b: numbers with bigints, text with bytes. */
function isLess(a: unknown, b: unknown): boolean {
  const x = typeof a === "string" ? encoder.encode(a) : a;
  const y = typeof b === "string" ? encoder.encode(b) : b;
  if (x instanceof Uint8Array && y instanceof Uint8Array) {
    const n = Math.min(x.length, y.length);
    for (let i = 0; i < n; i++) if (x[i] !== y[i]) return x[i] < y[i];
    return x.length < y.length;
  }
  if (isNumeric(x) && isNumeric(y)) return x < y;
  return false;
}

const isNumeric = (value: unknown): value is number | bigint =>
  (typeof value === "number" && !Number.isNaN(value)) || typeof value === "bigint";
