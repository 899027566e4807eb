import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { valueAt, type Batch } from "../../columnar/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import { fileFormat, type FileFormat, type FileWriter } from "../source/index.js";
import { structFromJson, type TypeJson } from "../types/index.js";
import { KeyTable } from "./key-table.js";
import { gatherBatch } from "./sample.js";

export interface WriteFilesRequest {
  readonly format: string;
  /** Schema of the data columns, which come first, as JSON. */
  readonly schema: TypeJson;
  readonly options: Readonly<Record<string, string>>;
  /** Where tasks write until the job commits. */
  readonly directory: string;
  readonly jobId: string;
  /** Names of the partition columns; their values as text are the columns behind the data. */
  readonly partitionBy: readonly string[];
  readonly timeZone: string;
}

/** A finished file, relative to the directory. */
export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
}

/** Writes one partition: one file, or one for each combination of partition values. */
export const writeFiles = definePartitionFunction<WriteFilesRequest, WrittenFile[]>({
  name: "sql.writeFiles",
  async run(request, batches, context) {
    const format = fileFormat(request.format);
    if (!format) throw new Error(`no file format "${request.format}" is registered in this worker`);
    const files = new OpenFiles(format, request, context.partitionId);
    try {
      for await (const batch of batches) {
        context.checkCancelled();
        if (batch.numRows > 0) await files.write(batch);
      }
      // Spark writes the schema down in an empty file of the first partition when there are no rows at all.
      if (context.partitionId === 0 && request.partitionBy.length === 0) await files.ensureOne();
      return await files.close();
    } catch (error) {
      await files.abort();
      throw error;
    }
  },
});

class OpenFiles {
  private readonly open: { readonly path: string; readonly writer: FileWriter; rows: number }[] = [];
  private readonly table: KeyTable;

  constructor(
    private readonly format: FileFormat,
    private readonly request: WriteFilesRequest,
    private readonly partition: number,
  ) {
    this.table = new KeyTable(request.partitionBy.map(() => "utf8" as const));
  }

  async write(batch: Batch): Promise<void> {
    const width = batch.columns.length - this.request.partitionBy.length;
    const keys = batch.columns.slice(width);
    const ids = this.table.add(keys, batch.numRows);
    const groups = new Map<number, number[]>();
    for (let row = 0; row < ids.length; row++) {
      const rows = groups.get(ids[row]);
      if (rows) rows.push(row);
      else groups.set(ids[row], [row]);
    }
    const data: Batch = { numRows: batch.numRows, columns: batch.columns.slice(0, width) };
    for (const [id, rows] of groups) {
      if (id >= this.open.length) {
        await this.start(keys.map((key, k) => partitionDirectory(this.request.partitionBy[k], valueAt(key, rows[0]))));
      }
      const file = this.open[id];
      file.rows += rows.length;
      await file.writer.write(groups.size === 1 ? data : gatherBatch(data, Int32Array.from(rows)));
    }
  }

  async ensureOne(): Promise<void> {
    if (this.open.length === 0) await this.start([]);
  }

  private async start(directories: readonly string[]): Promise<void> {
    const { schema, options, directory, jobId, timeZone, partitionBy } = this.request;
    const task = String(this.partition).padStart(5, "0");
    const counter = `${partitionBy.length > 0 ? "." : "-"}c000`;
    const path = join(...directories, `part-${task}-${jobId}${counter}${this.format.extension(options)}`);
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    const writer = await this.format.openWriter({ schema: structFromJson(schema), options, path: target, timeZone });
    this.open.push({ path, writer, rows: 0 });
  }

  async close(): Promise<WrittenFile[]> {
    for (const { writer } of this.open) await writer.close();
    return this.open.map(({ path, rows }) => ({ path, rows }));
  }

  /** Gives up all files; the error that led here is the one to report, so failures to clean up are attached to nothing. */
  async abort(): Promise<void> {
    await Promise.allSettled(this.open.map(({ writer }) => writer.abort()));
  }
}

/** `name=value` with the characters that Hive escapes as %XX; null and empty text have a name of their own. */
function partitionDirectory(name: string, value: unknown): string {
  const text = value === null || value === "" ? "__HIVE_DEFAULT_PARTITION__" : escapePath(String(value));
  return `${escapePath(name)}=${text}`;
}

const escaped = new Set(`"#%'*/:=?\\{[]^\u007f`);
const escapePath = (text: string): string =>
  Array.from(text, (c) =>
    escaped.has(c) || c < " " ? `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}` : c,
  ).join("");
