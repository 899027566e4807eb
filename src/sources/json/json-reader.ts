import { columnBuilder, decodeUtf8, type Batch, type Column, type ColumnBuilder } from "../../columnar/index.js";
import { SparkException } from "../../common/index.js";
import type { InputSplit, ReadRequest } from "../../sql/source/index.js";
import { layoutOf, StructType } from "../../sql/types/index.js";
import { partitionColumn } from "../shared/partition-column.js";
import { failedReadFile, isIgnored, onlyCorruptColumn } from "../shared/read-error.js";
import { readLines, readWhole } from "../shared/text-input.js";
import type { JsonOptions } from "./json-options.js";
import { JsonScanner, JsonSyntaxError } from "./json-scanner.js";
import { type JsonConverter, PartialValue, structConverter } from "./json-values.js";

/** Pieces of a split that hold one JSON document each: a line, or the whole file. */
export async function* jsonDocuments(
  split: InputSplit,
  options: JsonOptions,
): AsyncIterable<{ bytes: Uint8Array; starts: Int32Array; ends: Int32Array; count: number }> {
  const { encoding, lineSep } = options;
  if (!options.multiLine) {
    yield* readLines(split, { encoding, lineSep: lineSep ? new TextEncoder().encode(lineSep) : undefined });
    return;
  }
  const bytes = await readWhole(split.file.path, encoding);
  yield { bytes, starts: Int32Array.of(0), ends: Int32Array.of(bytes.length), count: 1 };
}

/** Turns JSON documents into batches. */
export class JsonReader {
  private readonly row: StructType;
  private readonly convert: JsonConverter;
  private readonly scanner: JsonScanner;
  private readonly corruptIndex: number;
  private builders: ColumnBuilder[] = [];
  private numRows = 0;

  constructor(
    private readonly request: ReadRequest,
    private readonly options: JsonOptions,
  ) {
    const { columns, schema, timeZone } = request;
    const name = options.columnNameOfCorruptRecord;
    this.row = new StructType(columns.fields.filter((field) => field.name !== name && schema.has(field.name)));
    this.corruptIndex = columns.indexOf(name);
    if (this.corruptIndex >= 0 && this.row.length === 0) throw onlyCorruptColumn();
    this.convert = structConverter(this.row, options, timeZone)!;
    this.scanner = new JsonScanner(options.syntax);
  }

  async *read(split: InputSplit): AsyncIterable<Batch> {
    this.start();
    try {
      for await (const { bytes, starts, ends, count } of jsonDocuments(split, this.options)) {
        for (let i = 0; i < count; i++) {
          this.document(bytes, starts[i], ends[i]);
          if (this.numRows >= this.request.batchRows) yield this.finish(split);
        }
      }
      if (this.numRows > 0) yield this.finish(split);
    } catch (error) {
      if (isIgnored(this.request.options, error)) return;
      throw failedReadFile(split.file.path, error);
    }
  }

  /** One document: an object is a row, an array of objects is several; anything else is malformed. */
  private document(bytes: Uint8Array, start: number, end: number): void {
    const { scanner } = this;
    scanner.reset(bytes, start, end);
    const before = this.numRows;
    const pending: unknown[][] = [];
    let partial: PartialValue | undefined;
    const read = (): void => {
      try {
        pending.push(this.convert(scanner) as unknown[]);
      } catch (error) {
        if (!(error instanceof PartialValue)) throw error;
        partial ??= error;
        pending.push(error.value as unknown[]);
      }
    };
    try {
      const kind = scanner.next();
      if (kind === "end") return;
      if (kind === "object") read();
      else if (kind === "array") {
        scanner.array(() => {
          if (scanner.next() !== "object") throw scanner.fail("an array of rows holds something else");
          read();
        });
      } else throw scanner.fail("a row must be an object");
      if (!partial) for (const row of pending) this.append(row, null);
      else this.malformed(bytes, start, end, pending, partial.cause);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      if (this.numRows === before) this.malformed(bytes, start, end, [], error);
    }
  }

  private malformed(bytes: Uint8Array, start: number, end: number, partial: unknown[][], cause: unknown): void {
    const { mode } = this.options;
    if (mode === "DROPMALFORMED") return;
    const text = decodeUtf8(bytes, start, end);
    if (mode === "FAILFAST") throw malformedJson(text, cause);
    const rows = partial.length > 0 ? partial : [new Array(this.row.length).fill(null)];
    for (const row of rows) this.append(row, text);
  }

  private append(row: readonly unknown[], corrupt: string | null): void {
    for (let k = 0; k < row.length; k++) this.builders[k].append(row[k]);
    if (this.corruptIndex >= 0) this.builders[row.length].append(corrupt);
    this.numRows++;
  }

  private start(): void {
    this.builders = this.row.fields.map((field) => columnBuilder(layoutOf(field.dataType), 1024));
    if (this.corruptIndex >= 0) this.builders.push(columnBuilder("utf8", 1024));
    this.numRows = 0;
  }

  private finish({ file }: InputSplit): Batch {
    const { columns, timeZone } = this.request;
    const { numRows } = this;
    const built = this.builders.map((builder) => builder.finish());
    this.start();
    return {
      numRows,
      columns: columns.fields.map((field, i): Column => {
        const k = i === this.corruptIndex ? built.length - 1 : this.row.indexOf(field.name);
        if (k >= 0) return built[k];
        return partitionColumn(file.partitionValues[field.name] ?? null, field.dataType, numRows, timeZone);
      }),
    };
  }
}

/** A malformed record under FAILFAST. */
export function malformedJson(text: string, cause?: unknown): SparkException {
  return new SparkException(
    `Malformed records are detected in record parsing: ${text}. Parse Mode: FAILFAST. ` +
      "To process malformed records as null result, try setting the option 'mode' as 'PERMISSIVE'.",
    {
      condition: "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
      sqlState: "22023",
      parameters: { badRecord: text, failFastMode: "FAILFAST" },
      cause,
    },
  );
}
