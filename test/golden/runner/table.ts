import { isObject, type Json, type TableExpectation } from "./case.js";
import { asNumber, type Comparison } from "./compare.js";
import { toGolden } from "./values.js";
import type { DataFrameLike, FieldLike, Kindling } from "./api.js";

/** A collected data frame in golden form. */
export interface Table {
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly metadata: Readonly<Record<string, Json>>;
  readonly rows: readonly (readonly Json[])[];
}

/** Collects the named columns (all when absent), in the frame's own row order. */
export async function collectTable(k: Kindling, df: DataFrameLike, columns?: readonly string[]): Promise<Table> {
  const fields = (await df.schema()).fields;
  const names = columns ?? fields.map((field) => field.name);
  const chosen = names.map((name) => fields.find((field) => field.name === name));
  const missing = names.filter((_, i) => chosen[i] === undefined);
  if (missing.length > 0)
    throw new Error(`columns ${missing.join(", ")} are not in ${fields.map((f) => f.name).join(", ")}`);
  const picked = columns === undefined ? df : df.select(...columns.map((name) => quoted(name)));
  const rows = (await picked.collect()).map((row) => k.fieldsOf(row).map(([, value]) => toGolden(k, value)));
  return {
    columns: names,
    types: chosen.map((field) => field!.dataType.simpleString()),
    metadata: Object.fromEntries(chosen.map((field) => [field!.name, metadataOf(k, field!)])),
    rows,
  };
}

const quoted = (name: string): string => (/^\w+$/.test(name) ? name : `\`${name.replaceAll("`", "``")}\``);
const metadataOf = (k: Kindling, field: FieldLike): Json => toGolden(k, { ...field.metadata });

const facts = new Set([
  "columns",
  "types",
  "numRows",
  "rows",
  "sortedBy",
  "itemsSortedWithin",
  "checksums",
  "metadata",
]);

/** Compares a data frame with a recorded table: columns, types, row count, rows, checksums over all rows, metadata. */
export async function compareTable(
  k: Kindling,
  comparison: Comparison,
  path: string,
  expected: TableExpectation,
  df: DataFrameLike,
): Promise<void> {
  for (const key of Object.keys(expected))
    if (!facts.has(key)) comparison.fail(`${path}.${key}`, "a fact about a table", key);
  let table: Table;
  try {
    table = await collectTable(k, df, expected.columns);
  } catch (error) {
    if (!/^columns .* are not in /.test((error as Error).message)) throw error;
    comparison.fail(`${path}.columns`, expected.columns, (error as Error).message);
    return;
  }
  if (expected.types) comparison.value(`${path}.types`, expected.types, table.types);
  if (expected.numRows !== undefined) comparison.value(`${path}.numRows`, expected.numRows, table.rows.length);
  const rows = arrange(table, expected, comparison, path);
  expected.rows?.forEach((row, i) => {
    comparison.value(`${path}.rows[${i}]`, row, rows[i]);
  });
  for (const [column, sums] of Object.entries(expected.checksums ?? {})) {
    const at = expected.columns.indexOf(column);
    if (at < 0) comparison.fail(`${path}.checksums.${column}`, "one of the columns", expected.columns);
    else
      compareChecksums(
        comparison,
        `${path}.checksums.${column}`,
        sums,
        rows.map((row) => row[at]),
      );
  }
  if (expected.metadata) compareMetadata(comparison, path, expected, table);
}

function compareMetadata(comparison: Comparison, path: string, expected: TableExpectation, table: Table): void {
  for (const column of Object.keys(expected.metadata!)) {
    comparison.value(`${path}.metadata.${column}`, expected.metadata![column], table.metadata[column]);
  }
  for (const column of expected.columns) {
    if (!(column in expected.metadata!)) comparison.value(`${path}.metadata.${column}`, {}, table.metadata[column]);
  }
}

function arrange(table: Table, expected: TableExpectation, comparison: Comparison, path: string): Json[][] {
  const within = new Set(expected.itemsSortedWithin ?? []);
  const rows = table.rows.map((row) =>
    row.map((value, i) => (within.has(table.columns[i]) && Array.isArray(value) ? [...value].sort(order) : value)),
  );
  if (!expected.sortedBy) return rows as Json[][];
  const keys = expected.sortedBy.map((name) => table.columns.indexOf(name));
  if (keys.includes(-1)) comparison.fail(`${path}.sortedBy`, "columns of the table", expected.sortedBy);
  return (rows as Json[][]).sort((a, b) => {
    for (const key of keys) {
      const by = order(a[key], b[key]);
      if (by !== 0) return by;
    }
    return 0;
  });
}

/** Python's order of the recorded values: null first, numbers by size, text by code point, lists item by item. */
function order(a: Json | undefined, b: Json | undefined): number {
  if (a === null || a === undefined || b === null || b === undefined) return Number(b == null) - Number(a == null);
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x !== undefined && y !== undefined) return x - y;
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const by = order(a[i] as Json, b[i] as Json);
      if (by !== 0) return by;
    }
    return a.length - b.length;
  }
  const [s, t] = [typeof a === "string" ? a : JSON.stringify(a), typeof b === "string" ? b : JSON.stringify(b)];
  return s < t ? -1 : s > t ? 1 : 0;
}

/** Numbers and strings inside a value, vectors, arrays and structs flattened. */
function flatten(value: Json, numbers: number[], strings: string[]): void {
  const number = typeof value === "boolean" ? Number(value) : asNumber(value);
  if (number !== undefined) numbers.push(number);
  else if (typeof value === "string") strings.push(value);
  else if (Array.isArray(value)) for (const item of value) flatten(item as Json, numbers, strings);
  else if (isObject(value)) {
    if ("type" in value && "values" in value) {
      flatten(value.values, numbers, strings);
      // A sparse vector counts with its zeros.
      if (value.type === 0 && typeof value.size === "number") {
        for (let i = (value.values as readonly Json[]).length; i < value.size; i++) numbers.push(0);
      }
    } else for (const item of Object.values(value)) flatten(item, numbers, strings);
  }
}

function compareChecksums(
  comparison: Comparison,
  path: string,
  expected: Readonly<Record<string, number>>,
  values: readonly Json[],
): void {
  const numbers: number[] = [];
  const strings: string[] = [];
  for (const value of values) flatten(value, numbers, strings);
  const finite = numbers.filter(Number.isFinite);
  const squares = finite.reduce((sum, x) => sum + x * x, 0);
  const actual: Readonly<Record<string, number>> = {
    nulls: values.filter((value) => value === null).length,
    numbers: numbers.length,
    notFinite: numbers.length - finite.length,
    sum: finite.reduce((sum, x) => sum + x, 0),
    sumSquares: squares,
    strings: strings.length,
    distinct: new Set(strings).size,
    characters: strings.reduce((sum, text) => sum + [...text].length, 0),
  };
  const { slack, tolerance } = comparison;
  const room: Readonly<Record<string, number>> = {
    sum: tolerance.roomForSum(finite.length, squares) + slack * finite.length,
    sumSquares: tolerance.roomForSquares(finite.length, squares) + 2 * slack * Math.sqrt(finite.length * squares),
  };
  for (const [name, sum] of Object.entries(expected)) {
    const close = name in actual && Math.abs(actual[name] - sum) <= (room[name] ?? 0);
    comparison.check(close, `${path}.${name}`, sum, actual[name]);
  }
}
