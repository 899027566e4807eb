import { decodeUtf8, type Batch, type Column } from "../../columnar/index.js";
import { IllegalArgumentException, SparkException } from "../../common/index.js";
import type { InputSplit, ReadRequest } from "../../sql/source/index.js";
import type { StructField } from "../../sql/types/index.js";
import { partitionColumn } from "../shared/partition-column.js";
import { failedReadFile, isIgnored, onlyCorruptColumn } from "../shared/read-error.js";
import { BytesSink } from "../shared/value-sinks.js";
import { type CsvColumn, csvColumn } from "./csv-columns.js";
import type { CsvOptions } from "./csv-options.js";
import { type CsvRecord, recordSource } from "./csv-records.js";
import { UnescapedQuote } from "./quoted-value.js";
import { EMPTY, MISSING, type RecordTokenizer, SCRATCH, UnparsableRecord } from "./record-tokenizer.js";

interface Wanted {
  readonly column: CsvColumn;
  /** Position of the field in a record. */
  readonly index: number;
}

/** Turns records into batches, straight into typed columns. */
export class CsvReader {
  private readonly wanted: readonly Wanted[];
  private readonly corrupt: BytesSink | undefined;
  private readonly dataFields: readonly StructField[];
  /** Fields a well-formed record has; undefined where columns are pruned and Spark does not look. */
  private readonly expected: number | undefined;
  private readonly nullBytes: Uint8Array;
  private readonly emptyBytes: Uint8Array;
  private readonly emptyIsNull: boolean;
  private numRows = 0;

  constructor(
    private readonly request: ReadRequest,
    private readonly options: CsvOptions,
  ) {
    const name = options.columnNameOfCorruptRecord;
    this.dataFields = request.schema.fields.filter((field) => field.name !== name);
    const capacity = request.batchRows;
    this.wanted = request.columns.fields.flatMap((field) => {
      const index = this.dataFields.findIndex((data) => data.name === field.name);
      if (index < 0) return [];
      return [{ index, column: csvColumn(field.dataType, options, request.timeZone, capacity)! }];
    });
    if (request.columns.has(name)) this.corrupt = new BytesSink("utf8", capacity);
    const pruned = options.columnPruning && !this.corrupt && this.wanted.length < this.dataFields.length;
    this.expected = pruned ? undefined : this.dataFields.length;
    const encoder = new TextEncoder();
    const empty = options.emptyValue ?? "";
    this.nullBytes = encoder.encode(options.nullValue);
    this.emptyBytes = encoder.encode(empty);
    this.emptyIsNull = empty === options.nullValue;
    if (this.corrupt && this.wanted.length === 0) throw onlyCorruptColumn();
  }

  async *read(split: InputSplit): AsyncIterable<Batch> {
    const { file } = split;
    const ready: Batch[] = [];
    const countOnly = this.wanted.length === 0 && this.expected === undefined;
    try {
      const source = recordSource(this.options, !countOnly);
      const onRecord = (record: CsvRecord, tokenizer: RecordTokenizer): void => {
        if (countOnly) this.numRows++;
        else this.append(record, tokenizer);
        if (this.numRows >= this.request.batchRows) ready.push(this.finish(split));
      };
      for await (const _ of source.run(split, (record, tokenizer) => this.checkHeader(record, tokenizer), onRecord)) {
        yield* ready;
        ready.length = 0;
      }
      if (this.numRows > 0) yield this.finish(split);
    } catch (error) {
      if (isIgnored(this.request.options, error)) return;
      throw failedReadFile(file.path, malformed(error));
    }
  }

  private append(record: CsvRecord, tokenizer: RecordTokenizer): void {
    const { wanted, numRows } = this;
    const wrongCount = this.expected !== undefined && tokenizer.count !== this.expected;
    let bad = wrongCount;
    for (let k = 0; k < wanted.length; k++) {
      if (!this.appendField(wanted[k], record.bytes, tokenizer)) {
        wanted[k].column.sink.appendNull();
        bad = true;
      }
    }
    this.numRows = numRows + 1;
    if (!bad) {
      this.corrupt?.appendNull();
      return;
    }
    switch (this.options.mode) {
      case "PERMISSIVE":
        this.corrupt?.append(record.bytes, record.start, record.end);
        return;
      case "DROPMALFORMED":
        for (const { column } of wanted) column.sink.truncate(numRows);
        this.numRows = numRows;
        return;
      case "FAILFAST":
        throw malformedRecord(decodeUtf8(record.bytes, record.start, record.end), wrongCount);
    }
  }

  /** False when the field is missing or is no value of its type. */
  private appendField({ column, index }: Wanted, bytes: Uint8Array, tokenizer: RecordTokenizer): boolean {
    if (index >= tokenizer.count) {
      if (this.expected !== undefined) return false;
      column.sink.appendNull();
      return true;
    }
    const kind = tokenizer.kinds[index];
    if (kind === MISSING || (kind === EMPTY && this.emptyIsNull)) {
      column.sink.appendNull();
      return true;
    }
    if (kind === EMPTY) return column.parse(this.emptyBytes, 0, this.emptyBytes.length);
    const from = kind === SCRATCH ? tokenizer.scratch : bytes;
    const start = tokenizer.starts[index];
    const end = tokenizer.ends[index];
    if (!this.isNull(from, start, end)) return column.parse(from, start, end);
    column.sink.appendNull();
    return true;
  }

  private isNull(bytes: Uint8Array, start: number, end: number): boolean {
    const { nullBytes } = this;
    if (end - start !== nullBytes.length) return false;
    for (let k = 0; k < nullBytes.length; k++) if (bytes[start + k] !== nullBytes[k]) return false;
    return true;
  }

  private finish({ file }: InputSplit): Batch {
    const { columns, timeZone } = this.request;
    const { numRows } = this;
    let next = 0;
    const built = columns.fields.map((field): Column => {
      if (this.corrupt && field.name === this.options.columnNameOfCorruptRecord) return this.corrupt.finish();
      if (this.dataFields.some((data) => data.name === field.name)) return this.wanted[next++].column.sink.finish();
      return partitionColumn(file.partitionValues[field.name] ?? null, field.dataType, numRows, timeZone);
    });
    this.numRows = 0;
    return { numRows, columns: built };
  }

  /** With `enforceSchema` off, the header must name the columns of the schema in order. */
  private checkHeader({ bytes }: CsvRecord, tokenizer: RecordTokenizer): void {
    if (this.options.enforceSchema) return;
    const names = fieldTexts(bytes, tokenizer).map((text) => text ?? "");
    const expected = this.dataFields.map((field) => field.name);
    const same =
      names.length === expected.length && names.every((n, i) => n.toLowerCase() === expected[i].toLowerCase());
    if (same) return;
    throw new IllegalArgumentException(
      `CSV header does not conform to the schema.\n Header: ${names.join(", ")}\n Schema: ${expected.join(", ")}`,
      { condition: "_LEGACY_ERROR_TEMP_3239" },
    );
  }
}

/** The text of field `k`; null where there is none. */
export function fieldText(bytes: Uint8Array, tokenizer: RecordTokenizer, k: number): string | null {
  const kind = tokenizer.kinds[k];
  if (kind === MISSING) return null;
  if (kind === EMPTY) return "";
  return decodeUtf8(kind === SCRATCH ? tokenizer.scratch : bytes, tokenizer.starts[k], tokenizer.ends[k]);
}

/** The texts of all fields of a record. */
export const fieldTexts = (bytes: Uint8Array, tokenizer: RecordTokenizer): (string | null)[] =>
  Array.from({ length: tokenizer.count }, (_, k) => fieldText(bytes, tokenizer, k));

/** A record that could not be cut at all, as Spark's MALFORMED_CSV_RECORD. */
export function malformed(error: unknown): unknown {
  if (!(error instanceof UnparsableRecord) && !(error instanceof UnescapedQuote)) return error;
  return new SparkException(`Malformed CSV record: ${error.message}.`, {
    condition: "MALFORMED_CSV_RECORD",
    sqlState: "KD000",
    parameters: { badRecord: error.message },
    cause: error,
  });
}

function malformedRecord(record: string, wrongCount: boolean): SparkException {
  const parameters = { badRecord: record };
  return new SparkException(
    `Malformed records are detected in record parsing: ${record}. Parse Mode: FAILFAST. ` +
      "To process malformed records as null result, try setting the option 'mode' as 'PERMISSIVE'.",
    {
      condition: "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
      sqlState: "22023",
      parameters: { ...parameters, failFastMode: "FAILFAST" },
      cause: wrongCount
        ? new SparkException(`Malformed CSV record: ${record}.`, {
            condition: "MALFORMED_CSV_RECORD",
            sqlState: "KD000",
            parameters,
          })
        : undefined,
    },
  );
}
