import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import type { ColumnMetaData, Compressors, SchemaElement } from "hyparquet";
import { leafSink, type LeafSink, type LeafValues } from "./leaf-values.js";
import { bitWidth, decodeHybrid, type PageCursor } from "./rle-decoder.js";

/** One leaf column of one row group: Dremel's levels and the values that are there. */
export interface LeafChunk {
  /** Entries, nulls and empty lists included. */
  readonly numEntries: number;
  /** Null when every entry has the maximum level. */
  readonly definitions: Uint8Array | null;
  /** Null when the leaf is not below a repeated group. */
  readonly repetitions: Uint8Array | null;
  readonly values: LeafValues;
}

export interface LeafDescription {
  readonly element: SchemaElement;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
}

/** Decodes the pages of one column chunk (`bytes`: from its first page to its end) straight into typed arrays. */
export function readColumnChunk(
  bytes: Uint8Array,
  metadata: ColumnMetaData,
  leaf: LeafDescription,
  compressors: Compressors,
): LeafChunk {
  const numEntries = Number(metadata.num_values);
  const { maxDefinition, maxRepetition, element } = leaf;
  const definitions = maxDefinition ? new Uint8Array(numEntries) : null;
  const repetitions = maxRepetition ? new Uint8Array(numEntries) : null;
  const sink = leafSink(element, numEntries);
  const pages = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let dictionary: LeafValues | undefined;
  let entries = 0;
  let present = 0;
  while (entries < numEntries) {
    const header = parquetHeader(pages);
    const compressed = bytes.subarray(pages.offset, pages.offset + header.compressed_page_size);
    pages.offset += header.compressed_page_size;
    const open = (part: Uint8Array, size: number, isCompressed = true): Uint8Array =>
      size === 0 || !isCompressed ? part : decompressPage(part, size, metadata.codec, compressors);
    const v1 = header.data_page_header;
    const v2 = header.data_page_header_v2;
    if (header.dictionary_page_header) {
      const count = header.dictionary_page_header.num_values;
      const values = leafSink(element, count);
      values.plain({ bytes: open(compressed, Number(header.uncompressed_page_size)), offset: 0 }, count);
      dictionary = values.finish();
      continue;
    }
    let cursor: PageCursor;
    if (v1) {
      cursor = { bytes: open(compressed, Number(header.uncompressed_page_size)), offset: 0 };
      if (repetitions) readLevels(cursor, maxRepetition, repetitions.subarray(entries), v1.num_values);
      if (definitions) readLevels(cursor, maxDefinition, definitions.subarray(entries), v1.num_values);
    } else if (v2) {
      const { repetition_levels_byte_length: reps, definition_levels_byte_length: defs } = v2;
      if (repetitions) decodeHybrid({ bytes: compressed, offset: 0 }, bitWidth(maxRepetition), repetitions.subarray(entries), v2.num_values); // prettier-ignore
      if (definitions) decodeHybrid({ bytes: compressed, offset: reps }, bitWidth(maxDefinition), definitions.subarray(entries), v2.num_values); // prettier-ignore
      const size = Number(header.uncompressed_page_size) - reps - defs;
      cursor = { bytes: open(compressed.subarray(reps + defs), size, v2.is_compressed), offset: 0 };
    } else continue;
    const page = (v1 ?? v2)!;
    const count = definitions
      ? countOf(definitions, maxDefinition, entries, entries + page.num_values)
      : page.num_values;
    readValues(sink, cursor, page.encoding, count, dictionary);
    entries += page.num_values;
    present += count;
  }
  const full = present === numEntries;
  return { numEntries, definitions: full ? null : definitions, repetitions, values: sink.finish() };
}

function readLevels(cursor: PageCursor, max: number, out: Uint8Array, count: number): void {
  const { bytes, offset } = cursor;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);
  decodeHybrid({ bytes, offset: offset + 4 }, bitWidth(max), out, count);
  cursor.offset = offset + 4 + length;
}

function countOf(levels: Uint8Array, level: number, start: number, end: number): number {
  let n = 0;
  for (let i = start; i < end; i++) if (levels[i] === level) n++;
  return n;
}

function readValues(
  sink: LeafSink,
  cursor: PageCursor,
  encoding: string,
  count: number,
  dictionary: LeafValues | undefined,
): void {
  if (count === 0) return;
  if (encoding === "PLAIN") return sink.plain(cursor, count);
  if (encoding !== "PLAIN_DICTIONARY" && encoding !== "RLE_DICTIONARY") return sink.encoded(encoding, cursor, count);
  if (!dictionary) throw new Error("a dictionary-encoded page without a dictionary");
  const width = cursor.bytes[cursor.offset++];
  const indices = new Int32Array(count);
  if (width) decodeHybrid(cursor, width, indices, count);
  sink.dictionary(dictionary, indices, count);
}
