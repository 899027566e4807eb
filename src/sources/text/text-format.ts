import { isNull, valueAt, type Batch } from "../../columnar/index.js";
import { AnalysisException } from "../../common/index.js";
import {
  defineFileFormat,
  type FileFormat,
  type FileWriter,
  type InputSplit,
  type ReadRequest,
  type WriteRequest,
} from "../../sql/source/index.js";
import { StringType, stringType, StructField, StructType } from "../../sql/types/index.js";
import { byteRanges } from "../shared/byte-ranges.js";
import { partitionColumn } from "../shared/partition-column.js";
import { failedReadFile, isIgnored, isOn } from "../shared/read-error.js";
import { isSplittable, readLines, readWhole } from "../shared/text-input.js";
import { TextFileWriter, textExtension } from "../shared/text-output.js";
import { BytesSink } from "../shared/value-sinks.js";

/** Lines of text, or whole files, as one column `value`. */
export const textFormat: FileFormat = defineFileFormat({
  name: "text",
  options: [
    { name: "wholetext", default: "false", doc: "One row a file.", scope: "read" },
    {
      name: "lineSep",
      default: null,
      doc: "Line separator (default: any when reading, a line feed when writing).",
      scope: "both",
    },
    { name: "encoding", default: "UTF-8", doc: "Character set of the file.", scope: "both" },
    { name: "compression", default: "none", doc: "Codec of the files: none, gzip or deflate.", scope: "write" },
  ],
  extension: (options) => `.txt${textExtension(options)}`,
  inferSchema: async () => new StructType([new StructField("value", stringType, true)]),

  validate(schema, options, forWrite) {
    if (forWrite) textExtension(options);
    if (schema.length !== 1) {
      throw new AnalysisException(
        `Text data source supports only a single column, and you have ${schema.length} columns.`,
        {
          condition: "_LEGACY_ERROR_TEMP_1290",
          parameters: { schemaSize: String(schema.length) },
        },
      );
    }
    const { name, dataType } = schema.fields[0];
    if (dataType instanceof StringType) return;
    throw new AnalysisException(
      `The Text datasource doesn't support the column \`${name}\` of the type "${dataType.sql()}".`,
      {
        condition: "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
        sqlState: "0A000",
        parameters: { format: "Text", columnName: `\`${name}\``, columnType: `"${dataType.sql()}"` },
      },
    );
  },

  async splits(files, options, maxBytes) {
    const cuttable = !isOn(options, "wholetext");
    return files.flatMap((file) => {
      const size = cuttable && isSplittable(file, options.encoding ?? "UTF-8") ? maxBytes : Infinity;
      return !cuttable && file.size === 0 ? [{ file, start: 0, end: 0 }] : byteRanges(file, size);
    });
  },

  async *read(request) {
    for (const split of request.splits) yield* readSplit(split, request);
  },

  openWriter: async (request) => new LineWriter(request),
});

async function* readSplit(split: InputSplit, request: ReadRequest): AsyncIterable<Batch> {
  const { options, batchRows, schema, columns, timeZone } = request;
  const sink = new BytesSink("utf8", Math.min(batchRows, 4096));
  const finish = (): Batch => {
    const numRows = sink.length;
    const value = sink.finish();
    const built = columns.fields.map((field) =>
      field.name === schema.fields[0].name
        ? value
        : partitionColumn(split.file.partitionValues[field.name] ?? null, field.dataType, numRows, timeZone),
    );
    return { numRows, columns: built };
  };
  const encoding = options.encoding ?? "UTF-8";
  try {
    if (isOn(options, "wholetext")) {
      const bytes = await readWhole(split.file.path, encoding, true);
      sink.append(bytes, 0, bytes.length);
    } else {
      const lineSep = options.linesep ? new TextEncoder().encode(options.linesep) : undefined;
      for await (const { bytes, starts, ends, count } of readLines(split, { encoding, lineSep, keepBytes: true })) {
        for (let i = 0; i < count; i++) {
          sink.append(bytes, starts[i], ends[i]);
          if (sink.length >= batchRows) yield finish();
        }
      }
    }
    if (sink.length > 0) yield finish();
  } catch (error) {
    if (isIgnored(options, error)) return;
    throw failedReadFile(split.file.path, error);
  }
}

class LineWriter implements FileWriter {
  private readonly out: TextFileWriter;
  private readonly lineSep: string;

  constructor({ path, options }: WriteRequest) {
    this.out = new TextFileWriter(path, options, options.encoding ?? "UTF-8");
    this.lineSep = options.linesep ?? "\n";
  }
  async write({ numRows, columns }: Batch): Promise<void> {
    let text = "";
    for (let i = 0; i < numRows; i++) {
      if (!isNull(columns[0], i)) text += valueAt(columns[0], i) as string;
      text += this.lineSep;
    }
    await this.out.write(text);
  }
  close(): Promise<void> {
    return this.out.close();
  }
  abort(): Promise<void> {
    return this.out.abort();
  }
}
