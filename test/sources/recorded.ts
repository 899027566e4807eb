import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { valueAt, type Batch } from "../../src/columnar/index.js";
import { formatDate, formatTimestamp } from "../../src/common/index.js";
import {
  ArrayType,
  BinaryType,
  type DataType,
  DateType,
  decimalText,
  DecimalType,
  DoubleType,
  FloatType,
  LongType,
  MapType,
  parseDDL,
  type StructField,
  StructType,
  TimestampNTZType,
  TimestampType,
} from "../../src/sql/types/index.js";
import { fileFormat, type FileFormat, type SourceFile } from "../../src/sql/source/index.js";
import "../../src/sources/index.js";

/** One line of `reads.jsonl`: what Spark answered (see `shared/spark/sql/README.md`). */
export interface RecordedRead {
  readonly id: string;
  readonly format: string;
  readonly path: string;
  readonly options: Readonly<Record<string, string>>;
  readonly readSchema?: string;
  readonly selectExpr?: readonly string[];
  readonly sql?: string;
  readonly conf?: Readonly<Record<string, string>>;
  readonly schema?: string;
  readonly rows?: readonly (readonly unknown[])[];
  readonly ordered?: boolean;
  readonly error?: string;
  readonly causes?: readonly string[];
}

export const folder = fileURLToPath(new URL("../golden/sources/", import.meta.url));

export const recordedReads = (format: string): RecordedRead[] =>
  readFileSync(join(folder, "reads.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordedRead)
    .filter((read) => read.format === format);

export function filesAt(path: string): SourceFile[] {
  const stat = statSync(path);
  if (stat.isDirectory()) {
    return readdirSync(path)
      .filter((name) => !/^[._]/.test(name))
      .sort()
      .flatMap((name) => filesAt(join(path, name)));
  }
  return [{ path, size: stat.size, modified: stat.mtimeMs, partitionValues: {} }];
}

export interface Answer {
  readonly schema: string;
  readonly rows: unknown[][];
}

export const lowerCase = (options: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));

/** Reads as the scan does: infer or take the schema, split, read every split. */
export async function readAll(
  format: FileFormat,
  files: readonly SourceFile[],
  given: Readonly<Record<string, string>>,
  readSchema?: string,
  maxBytes = 1 << 27,
): Promise<Answer> {
  const options = lowerCase(given);
  const full = readSchema ? parseDDL(readSchema) : await format.inferSchema(files, options, "UTC");
  format.validate?.(full, options, false);
  const corrupt = options.columnnameofcorruptrecord ?? "_corrupt_record";
  const schema = new StructType(full.fields.filter((field) => field.name !== corrupt));
  const splits = await format.splits(files, options, maxBytes);
  const request = { splits, schema, columns: full, filters: [], options, batchRows: 1000, timeZone: "UTC" };
  const rows: unknown[][] = [];
  for await (const batch of format.read(request)) rows.push(...rowsOf(batch, full));
  return { schema: full.toDDL(), rows };
}

export const rowsOf = ({ numRows, columns }: Batch, schema: StructType): unknown[][] =>
  Array.from({ length: numRows }, (_, i) =>
    schema.fields.map((field, k) => recorded(valueAt(columns[k], i), field.dataType)),
  );

/** An internal value as the recordings write it. */
export function recorded(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null;
  if (type instanceof DecimalType) return decimalText(value as bigint, type.scale);
  if (type instanceof LongType) return String(value);
  if (type instanceof DateType) return formatDate(value as number);
  if (type instanceof TimestampType) return `${formatTimestamp(value as bigint).replace(" ", "T")}Z`;
  if (type instanceof TimestampNTZType) return formatTimestamp(value as bigint).replace(" ", "T");
  if (type instanceof BinaryType)
    return Buffer.from(value as Uint8Array)
      .toString("hex")
      .toUpperCase();
  if (type instanceof DoubleType || type instanceof FloatType) {
    return Number.isFinite(value) ? value : String(value);
  }
  if (type instanceof ArrayType) return (value as unknown[]).map((item) => recorded(item, type.elementType));
  if (type instanceof MapType) {
    const entries = value as [unknown, unknown][];
    return entries.map(([k, v]) => [recorded(k, type.keyType), recorded(v, type.valueType)]);
  }
  if (type instanceof StructType) {
    return type.fields.map((field: StructField, k) => recorded((value as unknown[])[k], field.dataType));
  }
  return value;
}

export const formatNamed = (name: string): FileFormat => {
  const found = fileFormat(name);
  if (!found) throw new Error(`no format ${name}`);
  return found;
};

/** Rows in an order of their own, for answers whose order does not count. */
export const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

/** The condition of an error and of its causes, outermost first. */
export function conditions(error: unknown): string[] {
  const found: string[] = [];
  for (let e = error as { condition?: string; cause?: unknown } | undefined; e; e = e.cause as typeof e) {
    if (e.condition) found.push(e.condition);
  }
  return found;
}
