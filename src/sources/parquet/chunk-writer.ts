import type { ByteWriter } from "hyparquet-writer";
import { ByteWriter as Bytes } from "hyparquet-writer";
import type { ColumnChunk, Encoding } from "hyparquet";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import { slice, type Column } from "../../columnar/index.js";
import type { WriteCodec } from "./codecs.js";
import { buildDictionary, type Dictionary } from "./dictionary-builder.js";
import { denseRows, minMax, plainValues } from "./plain-values.js";
import { bitWidth } from "./rle-decoder.js";
import type { ShreddedLeaf } from "./shred.js";

/** As parquet-mr: at most so many rows, and about so many bytes, a page. */
const PAGE_ROWS = 20_000;
const PAGE_BYTES = 1 << 20;

/** Writes one column chunk (v1 pages, dictionary for repetitive strings) and returns its footer entry. */
export function writeColumnChunk(out: ByteWriter, leaf: ShreddedLeaf, codec: WriteCodec): ColumnChunk {
  const { element, path } = leaf.node;
  const dense = denseRows(leaf.column, leaf.rows);
  const dictionary = dense.layout === "utf8" ? buildDictionary(dense) : undefined;
  const start = out.offset;
  let uncompressed = 0;
  const page = (header: Parameters<typeof writePageHeader>[1], content: Uint8Array): void => {
    const compressed = codec.compress(content);
    const before = out.offset;
    writePageHeader(out, {
      ...header,
      uncompressed_page_size: content.length,
      compressed_page_size: compressed.length,
    });
    uncompressed += out.offset - before + content.length;
    out.appendBytes(compressed);
  };
  const sizes = { uncompressed_page_size: 0, compressed_page_size: 0 };
  if (dictionary) {
    const { entries } = dictionary;
    const header = { num_values: entries.length, encoding: "PLAIN_DICTIONARY" as const };
    page({ type: "DICTIONARY_PAGE", dictionary_page_header: header, ...sizes }, plainValues(entries, element));
  }
  const dataStart = out.offset;
  const encoding: Encoding = dictionary ? "PLAIN_DICTIONARY" : "PLAIN";
  let value = 0;
  for (const { from, to } of pageRanges(leaf, dense)) {
    const present = countPresent(leaf, from, to);
    const content = new Bytes();
    if (leaf.maxRepetition) writeLevels(content, leaf.repetitions!.subarray(from, to), leaf.maxRepetition);
    if (leaf.maxDefinition) {
      const levels = leaf.definitions?.subarray(from, to) ?? new Uint8Array(to - from).fill(leaf.maxDefinition);
      writeLevels(content, levels, leaf.maxDefinition);
    }
    if (dictionary) writeIndices(content, dictionary, value, value + present);
    else content.appendBytes(plainValues(slice(dense, value, value + present), element));
    value += present;
    const levelEncoding = { definition_level_encoding: "RLE", repetition_level_encoding: "RLE" } as const;
    const header = { num_values: to - from, encoding, ...levelEncoding };
    page({ type: "DATA_PAGE", data_page_header: header, ...sizes }, content.getBytes());
  }
  const bounds = minMax(dense);
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: element.type!,
      encodings: dictionary ? ["PLAIN", "RLE", "PLAIN_DICTIONARY"] : ["PLAIN", "RLE"],
      path_in_schema: [...path],
      codec: codec.name,
      num_values: BigInt(leaf.numEntries),
      total_uncompressed_size: BigInt(uncompressed),
      total_compressed_size: BigInt(out.offset - start),
      data_page_offset: BigInt(dataStart),
      dictionary_page_offset: dictionary ? BigInt(start) : undefined,
      statistics: {
        null_count: BigInt(leaf.numEntries - dense.length),
        ...(bounds && { min_value: bounds.min, max_value: bounds.max }),
      },
    },
  };
}

function* pageRanges(leaf: ShreddedLeaf, dense: Column): Iterable<{ from: number; to: number }> {
  const { numEntries, repetitions } = leaf;
  const bytes =
    dense.layout === "utf8" || dense.layout === "binary" ? dense.bytes.length + 4 * dense.length : dense.length * 8;
  const perPage = Math.max(
    8,
    Math.min(PAGE_ROWS, Math.floor((PAGE_BYTES * Math.max(1, numEntries)) / Math.max(1, bytes))) & ~7,
  );
  let from = 0;
  while (from < numEntries) {
    let to = Math.min(numEntries, from + perPage);
    // A row never spans pages.
    if (repetitions) while (to < numEntries && repetitions[to] !== 0) to++;
    yield { from, to };
    from = to;
  }
}

function countPresent({ definitions, maxDefinition }: ShreddedLeaf, from: number, to: number): number {
  if (definitions === null) return to - from;
  let n = 0;
  for (let i = from; i < to; i++) if (definitions[i] === maxDefinition) n++;
  return n;
}

function writeLevels(content: ByteWriter, levels: Uint8Array, max: number): void {
  const encoded = new Bytes();
  writeRleBitPackedHybrid(encoded, levels, bitWidth(max));
  content.appendUint32(encoded.offset);
  content.appendBytes(encoded.getBytes());
}

function writeIndices(content: ByteWriter, { entries, indices }: Dictionary, from: number, to: number): void {
  const width = bitWidth(Math.max(1, entries.length - 1));
  content.appendUint8(width);
  writeRleBitPackedHybrid(content, indices.subarray(from, to), width);
}
