import { AnalysisException } from "../../common/index.js";
import { defineFileFormat, type FileFormat } from "../../sql/source/index.js";
import { NullType } from "../../sql/types/index.js";
import { byteRanges } from "../shared/byte-ranges.js";
import { isSplittable } from "../shared/text-input.js";
import { textExtension } from "../shared/text-output.js";
import { inferJsonSchema } from "./json-infer.js";
import { jsonOptions, OPTIONS, SETTINGS } from "./json-options.js";
import { JsonReader } from "./json-reader.js";
import { jsonConverter } from "./json-values.js";
import { JsonWriter } from "./json-writer.js";

/** JSON, one object a line or one document a file: https://spark.apache.org/docs/latest/sql-data-sources-json.html */
export const jsonFormat: FileFormat = defineFileFormat({
  name: "json",
  options: OPTIONS,
  settings: SETTINGS,
  extension: (options) => `.json${textExtension(options)}`,

  inferSchema: (files, options, timeZone) => inferJsonSchema(files, jsonOptions(options), timeZone),

  validate(schema, options, forWrite) {
    if (forWrite) {
      textExtension(options);
      return;
    }
    const parsed = jsonOptions(options);
    for (const { name, dataType } of schema.fields) {
      if (dataType instanceof NullType || jsonConverter(dataType, parsed, "UTC")) continue;
      throw new AnalysisException(
        `The JSON datasource doesn't support the column \`${name}\` of the type "${dataType.sql()}".`,
        {
          condition: "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
          sqlState: "0A000",
          parameters: { format: "JSON", columnName: `\`${name}\``, columnType: `"${dataType.sql()}"` },
        },
      );
    }
  },

  async splits(files, options, maxBytes) {
    const { multiLine, encoding } = jsonOptions(options);
    return files.flatMap((file) => byteRanges(file, !multiLine && isSplittable(file, encoding) ? maxBytes : Infinity));
  },

  async *read(request) {
    const reader = new JsonReader(request, jsonOptions(request.options));
    for (const split of request.splits) yield* reader.read(split);
  },

  openWriter: async (request) => new JsonWriter(request),
});
