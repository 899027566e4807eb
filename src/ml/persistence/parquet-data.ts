import { randomUUID } from "node:crypto";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { columnBuilder, type Batch } from "../../columnar/index.js";
import { layoutOf, type StructType } from "../../sql/types/index.js";
import { parquetFormat } from "../../sources/index.js";
import type { SourceFile } from "../../sql/source/index.js";
import { partFiles } from "./metadata-file.js";

const BATCH_ROWS = 4096;

/**
 * Writes a directory of model data as Spark does: one part file with the schema in its footer, and `_SUCCESS`.
 * `rows` are internal values (see `valueAt`) in the order of the schema; batches pass through as they are.
 */
export async function writeParquetRows(
  dir: string,
  schema: StructType,
  rows: Iterable<readonly unknown[]> | AsyncIterable<Batch>,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, `part-00000-${randomUUID()}-c000${parquetFormat.extension({})}`);
  const writer = await parquetFormat.openWriter({ schema, options: {}, path, timeZone: "UTC" });
  try {
    const batches = Symbol.asyncIterator in rows ? rows : inBatches(schema, rows);
    for await (const batch of batches) await writer.write(batch);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  await writer.close();
  await writeFile(join(dir, "_SUCCESS"), "");
}

function* inBatches(schema: StructType, rows: Iterable<readonly unknown[]>): Iterable<Batch> {
  const layouts = schema.fields.map((field) => layoutOf(field.dataType));
  const open = () => layouts.map((layout) => columnBuilder(layout));
  let builders = open();
  let numRows = 0;
  const finish = (): Batch => ({ numRows, columns: builders.map((builder) => builder.finish()) });
  for (const row of rows) {
    builders.forEach((builder, k) => builder.append(row[k]));
    if (++numRows < BATCH_ROWS) continue;
    yield finish();
    builders = open();
    numRows = 0;
  }
  if (numRows > 0) yield finish();
}

export interface ModelData {
  readonly schema: StructType;
  /** Batches of all part files, in the order of their names. */
  readonly batches: AsyncIterable<Batch>;
}

/** Opens a directory of model data that Spark or kindling wrote. */
export async function readParquetDir(dir: string): Promise<ModelData> {
  const files: SourceFile[] = [];
  for (const name of await partFiles(dir)) {
    const path = join(dir, name);
    const { size, mtimeMs } = await stat(path);
    files.push({ path, size, modified: mtimeMs, partitionValues: {} });
  }
  const schema = await parquetFormat.inferSchema(files, {}, "UTC");
  const splits = await parquetFormat.splits(files, {}, Number.MAX_SAFE_INTEGER);
  const request = { splits, schema, columns: schema, filters: [], options: {}, batchRows: BATCH_ROWS, timeZone: "UTC" };
  return { schema, batches: parquetFormat.read(request) };
}
