import { open, type FileHandle } from "node:fs/promises";
import type { RowGroup } from "hyparquet";
import { SparkException } from "../../common/index.js";
import { slice, type Batch, type Column } from "../../columnar/index.js";
import type { InputSplit, ReadRequest } from "../../sql/source/index.js";
import { partitionColumn } from "../shared/partition-column.js";
import { failedReadFile, isIgnored, isOn } from "../shared/read-error.js";
import { assemble, leavesOf, type ReadNode } from "./assemble.js";
import { decompressors } from "./codecs.js";
import { readColumnChunk, type LeafChunk } from "./column-chunk.js";
import { type Footer, readFooter, readRange } from "./footer.js";
import { readPlan, TypeMismatch } from "./read-plan.js";
import { parquetTypeText } from "./spark-schema.js";
import { canSkip } from "./statistics-filter.js";

/** Batches of one split: the row groups whose middle lies in it, so that every group is read by exactly one split. */
export async function* readSplit(split: InputSplit, request: ReadRequest): AsyncIterable<Batch> {
  const { file } = split;
  let handle: FileHandle | undefined;
  try {
    handle = await open(file.path);
    const footer = await readFooter(file, handle);
    const plans = request.columns.fields.map((field) =>
      field.name in file.partitionValues
        ? null
        : readPlan(field, footer.tree, isOn(request.options, "spark.sql.casesensitive")),
    );
    const filters = request.filters.filter(({ column }) => !(column in file.partitionValues));
    for (const group of footer.metadata.row_groups) {
      const middle = middleOf(group);
      if (middle < split.start || middle >= split.end || canSkip(group, footer.tree, filters)) continue;
      yield* readGroup(group, footer, plans, handle, split, request);
    }
  } catch (error) {
    if (isIgnored(request.options, error)) return;
    if (error instanceof TypeMismatch) throw mismatch(file.path, error);
    throw failedReadFile(file.path, isFooterError(error) ? error.cause : error);
  } finally {
    await handle?.close();
  }
}

async function* readGroup(
  group: RowGroup,
  footer: Footer,
  plans: readonly (ReadNode | null)[],
  handle: FileHandle,
  { file }: InputSplit,
  { columns, batchRows, timeZone }: ReadRequest,
): AsyncIterable<Batch> {
  const numRows = Number(group.num_rows);
  const built: Column[] = [];
  for (let k = 0; k < plans.length; k++) {
    const node = plans[k];
    const field = columns.fields[k];
    if (node === null) built.push(partitionColumn(file.partitionValues[field.name], field.dataType, numRows, timeZone));
    else built.push(assemble(node, await readLeaves(node, group, handle), numRows));
  }
  for (let start = 0; start < numRows; start += batchRows) {
    const end = Math.min(numRows, start + batchRows);
    yield { numRows: end - start, columns: built.map((column) => slice(column, start, end)) };
  }
}

async function readLeaves(node: ReadNode, group: RowGroup, handle: FileHandle): Promise<Map<string, LeafChunk>> {
  const leaves = new Map<string, LeafChunk>();
  for (const [path, leaf] of leavesOf(node)) {
    const metadata = group.columns.find(({ meta_data: m }) => m?.path_in_schema.join(".") === path)?.meta_data;
    if (!metadata) throw new Error(`the row group has no column ${path}`);
    const start = startOf(metadata);
    const bytes = new Uint8Array(await readRange(handle, start, start + Number(metadata.total_compressed_size)));
    const codecs = metadata.codec === "UNCOMPRESSED" ? {} : await decompressors();
    leaves.set(path, readColumnChunk(bytes, metadata, leaf, codecs));
  }
  return leaves;
}

interface ChunkStart {
  readonly data_page_offset: bigint;
  readonly dictionary_page_offset?: bigint;
}

/** Some writers record a dictionary offset of 0 for "none". */
function startOf({ data_page_offset: data, dictionary_page_offset: dictionary }: ChunkStart): number {
  return Number(dictionary && dictionary < data ? dictionary : data);
}

function middleOf(group: RowGroup): number {
  const first = group.columns[0]?.meta_data;
  if (!first) return 0;
  const size =
    group.total_compressed_size ?? group.columns.reduce((n, c) => n + (c.meta_data?.total_compressed_size ?? 0n), 0n);
  return startOf(first) + Number(size) / 2;
}

const isFooterError = (error: unknown): error is SparkException =>
  error instanceof SparkException && error.condition === "FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER";

const mismatch = (path: string, cause: TypeMismatch): SparkException =>
  new SparkException(
    `Encountered error while reading file ${path}. Data type mismatches when reading Parquet column ${cause.column}. ` +
      `Expected Spark type ${cause.expected.simpleString()}, actual Parquet type ${parquetTypeText(cause.element)}.`,
    {
      condition: "FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH",
      sqlState: "KD001",
      parameters: {
        path,
        column: cause.column,
        expectedType: cause.expected.simpleString(),
        actualType: parquetTypeText(cause.element),
      },
      cause,
    },
  );
