import { AnalysisException } from "../../common/index.js";
import { defineFileFormat, type FileFormat } from "../../sql/source/index.js";
import { BinaryType, type StructType } from "../../sql/types/index.js";
import { byteRanges } from "../shared/byte-ranges.js";
import { isSplittable } from "../shared/text-input.js";
import { textExtension } from "../shared/text-output.js";
import { csvColumn } from "./csv-columns.js";
import { inferCsvSchema } from "./csv-infer.js";
import { csvOptions } from "./csv-options.js";
import { CsvReader } from "./csv-reader.js";
import { CsvWriter } from "./csv-writer.js";
import { OPTIONS } from "./options-table.js";

/** Comma-separated values, read and written as Spark does: https://spark.apache.org/docs/latest/sql-data-sources-csv.html */
export const csvFormat: FileFormat = defineFileFormat({
  name: "csv",
  options: OPTIONS,
  settings: [
    "spark.sql.csv.parser.columnPruning.enabled",
    "spark.sql.columnNameOfCorruptRecord",
    "spark.sql.files.ignoreCorruptFiles",
    "spark.sql.files.ignoreMissingFiles",
  ],
  extension: (options) => `.csv${textExtension(options)}`,

  inferSchema: (files, options, timeZone) => inferCsvSchema(files, csvOptions(options), timeZone),

  validate(schema, options, forWrite) {
    const parsed = csvOptions(options);
    if (forWrite) textExtension(options);
    checkTypes(
      schema,
      (type) => csvColumn(type, parsed, "UTC", 1) !== undefined && !(forWrite && type instanceof BinaryType),
    );
  },

  async splits(files, options, maxBytes) {
    const { encoding, multiLine } = csvOptions(options);
    return files.flatMap((file) => byteRanges(file, !multiLine && isSplittable(file, encoding) ? maxBytes : Infinity));
  },

  async *read(request) {
    const reader = new CsvReader(request, csvOptions(request.options));
    for (const split of request.splits) yield* reader.read(split);
  },

  openWriter: async (request) => new CsvWriter(request),
});

function checkTypes(
  schema: StructType,
  isSupported: (type: StructType["fields"][number]["dataType"]) => boolean,
): void {
  for (const { name, dataType } of schema.fields) {
    if (isSupported(dataType)) continue;
    throw new AnalysisException(
      `The CSV datasource doesn't support the column \`${name}\` of the type "${dataType.sql()}".`,
      {
        condition: "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
        sqlState: "0A000",
        parameters: { format: "CSV", columnName: `\`${name}\``, columnType: `"${dataType.sql()}"` },
      },
    );
  }
}
