import { open, rm, type FileHandle } from "node:fs/promises";
import { ByteWriter } from "hyparquet-writer";
import type { KeyValue, RowGroup, SchemaElement } from "hyparquet";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import { concat, type Batch, type Column } from "../../columnar/index.js";
import { writeColumnChunk } from "./chunk-writer.js";
import type { WriteCodec } from "./codecs.js";
import { shred, type WriteNode } from "./shred.js";

export interface ParquetFileOptions {
  readonly path: string;
  readonly schema: readonly SchemaElement[];
  readonly nodes: readonly WriteNode[];
  readonly keyValues: readonly KeyValue[];
  readonly codec: WriteCodec;
  /** Uncompressed bytes after which a row group is written (`parquet.block.size`). */
  readonly rowGroupBytes: number;
}

/** Writes one Parquet file, a row group at a time. */
export class ParquetFileWriter {
  private pending: Batch[] = [];
  private pendingBytes = 0;
  private offset = 0;
  private numRows = 0;
  private readonly rowGroups: RowGroup[] = [];

  private constructor(
    private readonly options: ParquetFileOptions,
    private readonly file: FileHandle,
  ) {}

  static async open(options: ParquetFileOptions): Promise<ParquetFileWriter> {
    return new ParquetFileWriter(options, await open(options.path, "wx"));
  }

  async write(batch: Batch): Promise<void> {
    if (batch.numRows === 0) return;
    this.pending.push(batch);
    for (const column of batch.columns) this.pendingBytes += columnBytes(column);
    if (this.pendingBytes >= this.options.rowGroupBytes) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    const { schema, keyValues } = this.options;
    const footer = new ByteWriter();
    if (this.offset === 0) footer.appendUint32(MAGIC);
    writeMetadata(footer, {
      version: 1,
      schema: [...schema],
      num_rows: BigInt(this.numRows),
      row_groups: this.rowGroups,
      key_value_metadata: [...keyValues],
      created_by: "kindling version 0.1.0 (build typescript)",
      metadata_length: 0,
    });
    footer.appendUint32(MAGIC);
    await this.file.write(footer.getBytes());
    await this.file.close();
  }

  async abort(): Promise<void> {
    await this.file.close();
    await rm(this.options.path, { force: true });
  }

  private async flush(): Promise<void> {
    if (this.pending.length === 0) return;
    const batches = this.pending;
    this.pending = [];
    this.pendingBytes = 0;
    const numRows = batches.reduce((n, batch) => n + batch.numRows, 0);
    const group: RowGroup = { columns: [], total_byte_size: 0n, num_rows: BigInt(numRows) };
    const start = this.offset;
    for (let k = 0; k < this.options.nodes.length; k++) {
      const column = concat(batches.map((batch) => batch.columns[k]));
      for (const leaf of shred(this.options.nodes[k], column)) {
        const out = new ByteWriter();
        if (this.offset === 0) out.appendUint32(MAGIC);
        // Offsets in the footer count from the start of the file.
        const base = this.offset;
        const chunk = writeColumnChunk(out, leaf, this.options.codec);
        group.columns.push(shift(chunk, BigInt(base)));
        group.total_byte_size += chunk.meta_data!.total_uncompressed_size;
        const bytes = out.getBytes();
        await this.file.write(bytes);
        this.offset = base + bytes.length;
      }
    }
    group.file_offset = BigInt(Math.max(4, start));
    group.total_compressed_size = BigInt(this.offset - Math.max(4, start));
    this.rowGroups.push(group);
    this.numRows += numRows;
  }
}

/** "PAR1" */
const MAGIC = 0x31524150;

type Chunk = ReturnType<typeof writeColumnChunk>;

function shift(chunk: Chunk, by: bigint): Chunk {
  const meta = chunk.meta_data!;
  return {
    ...chunk,
    file_offset: chunk.file_offset + by,
    meta_data: {
      ...meta,
      data_page_offset: meta.data_page_offset + by,
      dictionary_page_offset: meta.dictionary_page_offset === undefined ? undefined : meta.dictionary_page_offset + by,
    },
  };
}

/** About how many bytes the values take. */
function columnBytes(column: Column): number {
  if (typeof column.layout === "object") {
    if ("child" in column) return columnBytes(column.child) + 4 * column.length;
    return column.children.reduce((n, child) => n + columnBytes(child), 0);
  }
  if (column.layout === "null") return 0;
  if (column.layout === "utf8" || column.layout === "binary") {
    return column.offsets[column.length] - column.offsets[0] + 4 * column.length;
  }
  return (column as { values: ArrayBufferView }).values.byteLength;
}
